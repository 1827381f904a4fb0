#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <string>
#include <vector>

// The overlay file system of one container (Documentation/filesystems/overlayfs.rst), every layer of it ID-mapped: on
// disk all files belong to ids from 0, seen through the mount they belong to the container's own range.
namespace rocker::overlay {

struct Layers {
    std::vector<std::string> lower; // absolute directories, lowest first
    std::string workspace;          // absolute; holds "diff" (the upper directory) and "work"
};

// Makes the directories of a workspace: diff, work, merged, and the file "lower" with its lower directories, lowest
// first, one a line. Safe to repeat. Does not wait for the disk: after a crash of the machine some of it may be missing.
Result<> createWorkspace(const Layers& layers);
Result<std::vector<std::string>> readLower(const std::string& workspace);
// Removes all of it. Missing is fine.
Result<> removeWorkspace(const std::string& workspace);

// A detached overlay mount, seen through `userNamespace` whose id 0 is `firstHostId` outside. `userxattr`: opaque
// directories are marked by user.overlay.opaque, which an unpacker without CAP_SYS_ADMIN can write. Leaves the calling
// (single-threaded) process in the mount namespace in which it was.
Result<UniqueFd> mount(const Layers& layers, BorrowedFd userNamespace, uid_t firstHostId);

} // namespace rocker::overlay
