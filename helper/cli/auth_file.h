#pragma once

#include "helper/cli/arguments.h"

#include <string>

namespace rocker::cli {

inline constexpr Option authFileOption{
    0, "authfile", "PATH", "credentials, else $REGISTRY_AUTH_FILE, else those of podman or docker login"};

// The file of credentials that is named on the command line or in the environment, as an absolute path; else empty.
Result<std::string> authFileOf(const Arguments& arguments);

} // namespace rocker::cli
