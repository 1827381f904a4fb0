#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <string>

namespace rocker::mount {

// The root file system as a detached mount with all that is mounted below it; in the parent, in the host's mount
// namespace. `rootPropagation` is Plan's: by default the copy follows the host (slave), never the other way round.
Result<UniqueFd> cloneRoot(const std::string& path, unsigned long rootPropagation);

// How the child's root is changed: pivot_root(2); with --no-pivot a move onto "/" and chroot(2) (for an initramfs,
// whose root cannot be pivoted); without a mount namespace of its own only chroot(2).
enum class RootChange { Pivot, Move, Chroot };

// In the child. Gives the namespace its propagation (nothing made here reaches the host), and attaches `tree` at
// `path`, where hooks look for it; when `path` cannot be reached from the user namespace, or is empty, over "/". What
// is at `path` must be what was cloned. With RootChange::Chroot, `tree` is not used: the root is the directory itself.
// Returns the container's root for everything that follows.
Result<UniqueFd> attachRoot(UniqueFd tree, const std::string& path, unsigned long rootPropagation, RootChange change);

// Makes `root` the process's root and current directory, the old one gone for good; then the root's own propagation.
Result<> changeRoot(BorrowedFd root, unsigned long rootPropagation, RootChange change);

} // namespace rocker::mount
