#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace rocker::container {

// What execvp(3) would execute: `name` itself when there is a '/' in it, else the first file of that name in `path` that
// the caller may execute. Looked up from the working directory, with the caller's effective rights. Fails with
// CommandNotFound or CommandNotExecutable.
Result<std::string> findExecutable(const std::string& name, std::string_view path);

} // namespace rocker::container
