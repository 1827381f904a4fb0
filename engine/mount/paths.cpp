#include "engine/mount/apply.h"

#include "engine/mount/attach.h"
#include "engine/mount/bind.h"
#include "engine/os/file.h"
#include "engine/os/mount.h"
#include "engine/os/syscall.h"

#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

namespace rocker::mount {

namespace {

const dev_t nullDevice = makedev(1, 3);

bool isMissing(const Result<UniqueFd>& result)
{
    return !result && (result.error().errnum == ENOENT || result.error().errnum == ENOTDIR);
}

// One cover for many places: the first time it is attached itself, then copies of the attached one, which keep its
// flags. (Before Linux 6.15 a detached mount cannot be copied.)
class Cover
{
public:
    Result<> attach(BorrowedFd root, const std::string& path, BorrowedFd place, const os::Located& located)
    {
        if (!m_mount.valid()) {
            m_mount = TRY(S_ISDIR(located.mode) ? emptyDirectory() : nullFile());
            m_root = TRY(os::locate(m_mount));
        }
        if (isHere(located))
            return {}; // named twice
        UniqueFd copy;
        if (m_attached)
            copy = TRY(os::cloneTree(m_mount, "", os::Subtree::One), "copy the cover");
        TRY(os::attach(copy.valid() ? copy : m_mount, place, ""), "cover it");
        m_attached = true;
        const UniqueFd there = TRY(Rootfs(root).open(path));
        if (!isHere(TRY(os::locate(there))))
            return fail(ErrorCode::FailedPrecondition, "it is not covered: the path was exchanged");
        return {};
    }

private:
    bool isHere(const os::Located& located) const
    {
        return located.device == m_root.device && located.inode == m_root.inode && located.mountRoot;
    }

    // Read-only, so that nobody changes the owner or the mode of the host's node through it; devices stay writable.
    static Result<UniqueFd> nullFile()
    {
        const UniqueFd null = TRY(os::open("/dev/null", O_PATH | O_NOFOLLOW), "open /dev/null");
        const struct stat status = TRY(os::status(null));
        if (!S_ISCHR(status.st_mode) || status.st_rdev != nullDevice)
            return fail(ErrorCode::FailedPrecondition, "the host's /dev/null is not the null device");
        UniqueFd mount = TRY(os::cloneTree(null, "", os::Subtree::One), "bind /dev/null");
        TRY(os::setAttributes(
                mount, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, 0, MS_PRIVATE, os::Subtree::One),
            "bind /dev/null");
        return mount;
    }

    static Result<UniqueFd> emptyDirectory()
    {
        return TRY(os::makeMount("tmpfs", "tmpfs", {{"nr_blocks", "1"}, {"nr_inodes", "1"}, {"mode", "0755"}},
                                 MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC),
                   "mount an empty tmpfs");
    }

    UniqueFd m_mount;
    os::Located m_root;
    bool m_attached = false;
};

Result<> makePathReadOnly(BorrowedFd root, const std::string& path, BorrowedFd place)
{
    const UniqueFd copy = TRY(os::cloneTree(place, "", os::Subtree::Recursive), "copy the mount");
    TRY(os::setAttributes(copy, MOUNT_ATTR_RDONLY, 0, os::Subtree::Recursive), "set the flag");
    TRY(os::attach(copy, place, ""), "attach it");
    const UniqueFd there = TRY(Rootfs(root).open(path));
    if (!(TRY(currentAttributes(there)) & MOUNT_ATTR_RDONLY))
        return fail(ErrorCode::FailedPrecondition, "it is still writable: the path was exchanged");
    return {};
}

} // namespace

Result<> maskPaths(BorrowedFd root, const std::vector<std::string>& paths)
{
    Cover files;
    Cover directories;
    for (const std::string& path : paths) {
        auto found = Rootfs(root).open(path);
        if (isMissing(found))
            continue;
        const UniqueFd place = TRY(std::move(found), "mask '{}'", path);
        const os::Located located = TRY(os::locate(place), "mask '{}'", path);
        TRY((S_ISDIR(located.mode) ? directories : files).attach(root, path, place, located), "mask '{}'", path);
    }
    return {};
}

Result<> makePathsReadOnly(BorrowedFd root, const std::vector<std::string>& paths)
{
    for (const std::string& path : paths) {
        auto found = Rootfs(root).open(path);
        if (isMissing(found))
            continue;
        const UniqueFd place = TRY(std::move(found), "make '{}' read-only", path);
        TRY(makePathReadOnly(root, path, place), "make '{}' read-only", path);
    }
    return {};
}

Result<> attachConsole(BorrowedFd root, BorrowedFd terminal)
{
    const struct stat status = TRY(os::status(terminal), "look at the terminal");
    struct statfs filesystem;
    TRY(os::checkDone(::fstatfs(terminal.value(), &filesystem)), "look at the terminal");
    // 136 to 143 are the majors of Unix98 terminals (Documentation/admin-guide/devices.txt).
    if (!S_ISCHR(status.st_mode) || filesystem.f_type != DEVPTS_SUPER_MAGIC || major(status.st_rdev) < 136
        || major(status.st_rdev) > 143)
        return fail(ErrorCode::InvalidArgument, "the terminal is none of devpts");
    const UniqueFd tree = TRY(os::cloneTree(terminal, "", os::Subtree::One), "copy the terminal's mount");
    const Rootfs::Place place = TRY(Rootfs(root).placeForFile("/dev/console", Rootfs::Links::KeepLast));
    if (S_ISLNK(TRY(os::status(place.fd)).st_mode))
        return fail(Error::fromErrno(ELOOP).in("'/dev/console' is a link"));
    TRY(attachAt(root, tree, place.fd, "/dev/console", Rootfs::Links::KeepLast), "mount /dev/console");
    return {};
}

} // namespace rocker::mount
