#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <cstdint>
#include <linux/mount.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The kernel's mount API by descriptor (fsopen(2), fsmount(2), open_tree(2), move_mount(2), mount_setattr(2)). A mount
// made here is detached: closing its descriptor unattached undoes it.
namespace rocker::os {

// An option without a value is a flag ("ro").
struct FilesystemOption {
    std::string key;
    std::string value;
    bool operator==(const FilesystemOption&) const = default;
};

// A new instance of a file system; `attributes` are MOUNT_ATTR_…. The kernel's own words join the error.
Result<UniqueFd> makeMount(const std::string& filesystem, const std::string& source,
                           const std::vector<FilesystemOption>& options, std::uint64_t attributes);
// A detached copy of the mount (and with `recursive` of those below it) at `directory`/`path`; path "" is the descriptor.
enum class Subtree { One, Recursive };
Result<UniqueFd> cloneTree(BorrowedFd directory, const std::string& path, Subtree subtree);
// Attributes set and cleared on a mount, and on everything below it when recursive.
Result<> setAttributes(BorrowedFd mount, std::uint64_t set, std::uint64_t clear, Subtree subtree);
// On-disk id 0 of the mount appears as the user namespace's id 0 seen from outside (mount_setattr(2), ID-mapped mounts).
Result<> setIdMap(BorrowedFd mount, BorrowedFd userNamespace);
Result<> attach(BorrowedFd mount, BorrowedFd targetDirectory, const std::string& target);
// mount(2) for what the new API cannot say: propagation, and option strings longer than fsconfig(2) takes.
Result<> mountLegacy(const std::string& source, const std::string& target, const std::string& filesystem,
                     unsigned long flags, const std::string& options);
Result<> unmount(const std::string& target, int flags);
Result<> pivotRoot(const std::string& newRoot, const std::string& oldRoot);

} // namespace rocker::os
