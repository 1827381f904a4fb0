#pragma once

#include "helper/protocol/images.h"

#include <string>

namespace rocker::cli {

// --change: an instruction of a Containerfile that changes a configuration, into the parameters of a commit or an import.
Result<> applyChange(protocol::CommitContainer::Parameters& parameters, const std::string& change);
Result<> applyChange(protocol::ImportImage::Parameters& parameters, const std::string& change);

inline constexpr const char* changeHelp = "as in a Containerfile: 'CMD [\"sh\"]', 'ENV A=b', … (again for more)";

} // namespace rocker::cli
