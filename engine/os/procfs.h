#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <string>
#include <string_view>

// Files of /proc that are surely the kernel's: what lies in a container's mount namespace may only look like them.
namespace rocker::os {

// The root of a procfs mounted at `path`: an O_PATH descriptor, checked to be a procfs and its root.
Result<UniqueFd> openProcfs(const std::string& path = "/proc");
// A file or directory of it; never through a mount on top of it or a magic link. `flags` as open(2).
Result<UniqueFd> openInProcfs(BorrowedFd procfs, const std::string& path, int flags);
// One write(2): in /proc a write is a command.
Result<> writeInProcfs(BorrowedFd procfs, const std::string& path, std::string_view text);
Result<std::string> readInProcfs(BorrowedFd procfs, const std::string& path);

} // namespace rocker::os
