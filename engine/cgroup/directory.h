#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <string>
#include <sys/types.h>
#include <vector>

// Directories of cgroup file systems by descriptor: never through a symbolic link, never above or out of the hierarchy.
namespace rocker::cgroup {

// The top of a hierarchy as mounted at `mountPoint`; an error when no cgroup file system is there.
Result<UniqueFd> openHierarchy(const std::string& mountPoint);
// The cgroup at `path` below `directory`, "" for that itself.
Result<UniqueFd> openGroup(BorrowedFd directory, const std::string& path);

// Of the cgroup and all below it. Processes that have died meanwhile are left out.
Result<std::vector<pid_t>> processesBelow(BorrowedFd group);
// Removes all cgroups below it, deepest first, and then `name` in `parent`. The error is the kernel's (EBUSY while
// processes are in one of them). Missing is fine.
Result<> removeGroup(BorrowedFd parent, const std::string& name);

// The number behind "key " at the beginning of a line; 0 when there is none.
std::uint64_t valueOf(std::string_view contents, std::string_view key);

} // namespace rocker::cgroup
