#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/mount/plan.h"
#include "engine/rootfs/rootfs.h"

#include <string>

// Putting a mount where it belongs, and making sure that it is there.
namespace rocker::mount {

// The path of an open file below `root`, as the kernel knows it (readlink of /proc/self/fd, proc_pid_fd(5)); an error
// for what is not below it. Needs the host's /proc.
Result<std::string> pathInRoot(BorrowedFd root, BorrowedFd fd);

// Whether a step may mount on `place`: not on the root itself; on /proc only procfs, below it only what emulators of a
// few of its files need, as runc has it. `tree` is a bind's mount, or -1.
Result<> checkTarget(BorrowedFd root, BorrowedFd place, const Step& step, BorrowedFd tree);

// Attaches `mount` at `place`, then looks `target` up again: it must lead to the mount's own root.
Result<> attachAt(BorrowedFd root, BorrowedFd mount, BorrowedFd place, const std::string& target, Rootfs::Links links);

// The read-only flag on one mount, verified.
Result<> makeReadOnly(BorrowedFd mount);

} // namespace rocker::mount
