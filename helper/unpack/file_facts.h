#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <string>
#include <utility>
#include <vector>

namespace rocker::unpack {

// The extended attributes of a name in the working directory, without what is overlayfs's own, sorted by name.
Result<std::vector<std::pair<std::string, std::string>>> xattrsOf(const std::string& name);

// Where a symbolic link says that it leads.
Result<std::string> linkTarget(BorrowedFd directory, const std::string& name);

} // namespace rocker::unpack
