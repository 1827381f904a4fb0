#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <string>
#include <sys/stat.h>

// How overlayfs finds whiteouts and opaque directories in a layer (overlayfs.rst, "whiteouts and opaque directories").
namespace rocker::unpack {

Result<> setOpaque(BorrowedFd directory);
bool isOpaque(BorrowedFd directory);
Result<> makeWhiteout(BorrowedFd directory, const std::string& name);
bool isWhiteout(const struct stat& status);

} // namespace rocker::unpack
