#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <string>
#include <string_view>

// Files of procfs that are procfs: a write that decides about security (labels, sysctl, oom score) must not land in a
// file that somebody has put there.
namespace rocker::mount {

// The root of the procfs at /proc of `root` (a directory descriptor; "/" after the root has been changed), reached
// without a link; its file system and inode are checked.
Result<UniqueFd> openProcfs(BorrowedFd root);

// `path` below it ("self/attr/exec", "sys/kernel/…"), without magic links and without leaving this very mount; `flags`
// of open(2). Checked to be on procfs once more.
Result<UniqueFd> openProcfsFile(BorrowedFd procfs, const std::string& path, int flags);

// One write(2) of the whole text.
Result<> writeProcfsFile(BorrowedFd procfs, const std::string& path, std::string_view text);

} // namespace rocker::mount
