#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <cstdint>
#include <linux/mount.h>
#include <string>
#include <string_view>
#include <sys/types.h>
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
// A detached copy of the mount (and with Recursive of those below it) at `directory`/`path`; path "" is the descriptor.
enum class Subtree { One, Recursive };
enum class LastLink { NoFollow, Follow };
Result<UniqueFd> cloneTree(
    BorrowedFd directory, const std::string& path, Subtree subtree, LastLink link = LastLink::NoFollow);
// Attributes set and cleared on a mount, and on everything below it when recursive.
Result<> setAttributes(BorrowedFd mount, std::uint64_t set, std::uint64_t clear, Subtree subtree);
// The same with a propagation type (MS_SHARED and its kin, without MS_REC; 0 leaves it), in one call.
Result<> setAttributes(
    BorrowedFd mount, std::uint64_t set, std::uint64_t clear, unsigned long propagation, Subtree subtree);
// On-disk id 0 of the mount appears as the user namespace's id 0 seen from outside (mount_setattr(2), ID-mapped
// mounts).
Result<> setIdMap(BorrowedFd mount, BorrowedFd userNamespace, Subtree subtree = Subtree::One);
// New options for the file system that is mounted at the descriptor (fspick(2)).
Result<> reconfigure(BorrowedFd mount, const std::vector<FilesystemOption>& options);

// What a descriptor is, and on which mount (statx(2)).
struct Located {
    dev_t device = 0; // of the file system
    ino_t inode = 0;
    mode_t mode = 0;
    dev_t number = 0; // of a device node
    std::uint64_t mount = 0; // its id
    bool mountRoot = false;
    bool operator==(const Located&) const = default;
};
Result<Located> locate(BorrowedFd fd);
Result<> attach(BorrowedFd mount, BorrowedFd targetDirectory, const std::string& target);
// mount(2) for what the new API cannot say: propagation, and option strings longer than fsconfig(2) takes.
Result<> mountLegacy(const std::string& source, const std::string& target, const std::string& filesystem,
                     unsigned long flags, const std::string& options);
Result<> unmount(const std::string& target, int flags);
Result<> pivotRoot(const std::string& newRoot, const std::string& oldRoot);

} // namespace rocker::os
