#include "engine/os/mount.h"

#include "engine/os/syscall.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace rocker::os {

namespace {

// What the file system had to say, e.g. "e overlay: missing 'lowerdir'" (fsopen(2), message retrieval).
std::string kernelMessage(BorrowedFd context)
{
    char buffer[512];
    const ssize_t size = ::read(context.value(), buffer, sizeof buffer - 1);
    if (size <= 2)
        return {};
    std::string_view text(buffer, std::size_t(size));
    text.remove_prefix(2);
    while (text.ends_with('\n'))
        text.remove_suffix(1);
    return " (" + std::string(text) + ")";
}

Result<> configure(BorrowedFd context, unsigned command, const char* key, const char* value, int extra = 0)
{
    if (::syscall(SYS_fsconfig, context.value(), command, key, value, extra) == 0)
        return {};
    Error error = Error::fromErrno(errno);
    error.what += kernelMessage(context);
    return fail(key ? std::move(error).in(key) : std::move(error));
}

Result<> configure(BorrowedFd context, const std::vector<FilesystemOption>& options)
{
    for (const auto& [key, value] : options) {
        const unsigned command = value.empty() ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING;
        TRY(configure(context, command, key.c_str(), value.empty() ? nullptr : value.c_str()));
    }
    return {};
}

} // namespace

Result<UniqueFd> makeMount(const std::string& filesystem, const std::string& source,
                           const std::vector<FilesystemOption>& options, std::uint64_t attributes)
{
    const UniqueFd context(int(TRY(check(::syscall(SYS_fsopen, filesystem.c_str(), FSOPEN_CLOEXEC)))));
    TRY(configure(context, FSCONFIG_SET_STRING, "source", source.c_str()));
    TRY(configure(context, options));
    TRY(configure(context, FSCONFIG_CMD_CREATE, nullptr, nullptr));
    return UniqueFd(int(TRY(check(::syscall(SYS_fsmount, context.value(), FSMOUNT_CLOEXEC, attributes)))));
}

Result<UniqueFd> cloneTree(BorrowedFd directory, const std::string& path, Subtree subtree, LastLink link)
{
    unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
    if (link == LastLink::NoFollow)
        flags |= AT_SYMLINK_NOFOLLOW;
    if (path.empty())
        flags |= AT_EMPTY_PATH;
    if (subtree == Subtree::Recursive)
        flags |= AT_RECURSIVE;
    return UniqueFd(int(TRY(check(::syscall(SYS_open_tree, directory.value(), path.c_str(), flags)))));
}

Result<> setAttributes(
    BorrowedFd mount, std::uint64_t set, std::uint64_t clear, unsigned long propagation, Subtree subtree)
{
    mount_attr attributes{.attr_set = set, .attr_clr = clear, .propagation = propagation};
    const unsigned flags = AT_EMPTY_PATH | (subtree == Subtree::Recursive ? AT_RECURSIVE : 0);
    return checkDone(::syscall(SYS_mount_setattr, mount.value(), "", flags, &attributes, sizeof attributes));
}

Result<> setAttributes(BorrowedFd mount, std::uint64_t set, std::uint64_t clear, Subtree subtree)
{
    return setAttributes(mount, set, clear, 0, subtree);
}

Result<> setIdMap(BorrowedFd mount, BorrowedFd userNamespace, Subtree subtree)
{
    mount_attr attributes{.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = std::uint64_t(userNamespace.value())};
    const unsigned flags = AT_EMPTY_PATH | (subtree == Subtree::Recursive ? AT_RECURSIVE : 0);
    return checkDone(::syscall(SYS_mount_setattr, mount.value(), "", flags, &attributes, sizeof attributes));
}

Result<> reconfigure(BorrowedFd mount, const std::vector<FilesystemOption>& options)
{
    const UniqueFd context(
        int(TRY(check(::syscall(SYS_fspick, mount.value(), "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH)))));
    TRY(configure(context, options));
    return configure(context, FSCONFIG_CMD_RECONFIGURE, nullptr, nullptr);
}

Result<Located> locate(BorrowedFd fd)
{
    struct statx found;
    TRY(checkDone(::statx(
        fd.value(), "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT, STATX_TYPE | STATX_MODE | STATX_INO | STATX_MNT_ID, &found)));
    return Located{.device = makedev(found.stx_dev_major, found.stx_dev_minor),
                   .inode = found.stx_ino,
                   .mode = found.stx_mode,
                   .number = makedev(found.stx_rdev_major, found.stx_rdev_minor),
                   .mount = found.stx_mnt_id,
                   .mountRoot = (found.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0};
}

Result<> attach(BorrowedFd mount, BorrowedFd targetDirectory, const std::string& target)
{
    const unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | (target.empty() ? MOVE_MOUNT_T_EMPTY_PATH : 0);
    return checkDone(
        ::syscall(SYS_move_mount, mount.value(), "", targetDirectory.value(), target.c_str(), flags));
}

Result<> mountLegacy(const std::string& source, const std::string& target, const std::string& filesystem,
                     unsigned long flags, const std::string& options)
{
    return checkDone(::mount(source.c_str(), target.c_str(), filesystem.empty() ? nullptr : filesystem.c_str(), flags,
                             options.empty() ? nullptr : options.c_str()));
}

Result<> unmount(const std::string& target, int flags)
{
    return checkDone(::umount2(target.c_str(), flags));
}

Result<> pivotRoot(const std::string& newRoot, const std::string& oldRoot)
{
    return checkDone(::syscall(SYS_pivot_root, newRoot.c_str(), oldRoot.c_str()));
}

} // namespace rocker::os
