#include "engine/mount/attach.h"

#include "engine/mount/bind.h"
#include "engine/os/file.h"
#include "engine/os/mount.h"
#include "engine/os/syscall.h"

#include <algorithm>
#include <climits>
#include <linux/magic.h>
#include <string_view>
#include <sys/vfs.h>
#include <unistd.h>

namespace rocker::mount {

namespace {

// What lxcfs and its kin put over procfs (runc's list).
constexpr std::string_view emulated[]{"/proc/cpuinfo",   "/proc/diskstats",
                                      "/proc/meminfo",   "/proc/stat",
                                      "/proc/swaps",     "/proc/uptime",
                                      "/proc/loadavg",   "/proc/slabinfo",
                                      "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled"};

Result<std::string> kernelPath(BorrowedFd fd)
{
    char path[PATH_MAX];
    const ssize_t size
        = TRY(os::check(::readlink(std::format("/proc/self/fd/{}", fd.value()).c_str(), path, sizeof path)));
    return std::string(path, std::size_t(size));
}

bool isProcfs(BorrowedFd fd)
{
    struct statfs found;
    return ::fstatfs(fd.value(), &found) == 0 && found.f_type == PROC_SUPER_MAGIC;
}

} // namespace

Result<std::string> pathInRoot(BorrowedFd root, BorrowedFd fd)
{
    std::string base = TRY(kernelPath(root), "read where the root is");
    const std::string path = TRY(kernelPath(fd), "read where it is");
    if (base == "/")
        base.clear();
    if (!path.starts_with('/') || !path.starts_with(base) || (path.size() > base.size() && path[base.size()] != '/'))
        return fail(ErrorCode::FailedPrecondition, "'{}' is outside of the container's root", path);
    return path.size() == base.size() ? "/" : path.substr(base.size());
}

Result<> checkTarget(BorrowedFd root, BorrowedFd place, const Step& step, BorrowedFd tree)
{
    const std::string path = TRY(pathInRoot(root, place));
    if (path == "/" && step.target != "/")
        return fail(ErrorCode::InvalidArgument, "'{}' is the container's root, which cannot be covered", step.target);
    if (path == "/proc") {
        if (tree.value() >= 0 ? isProcfs(tree) : step.type == "proc")
            return {};
        return fail(ErrorCode::InvalidArgument, "\"{}\" cannot be mounted because it is not of type proc", path);
    }
    if (path.starts_with("/proc/") && !std::ranges::contains(emulated, path))
        return fail(ErrorCode::InvalidArgument, "\"{}\" cannot be mounted because it is inside /proc", path);
    return {};
}

Result<> attachAt(BorrowedFd root, BorrowedFd mount, BorrowedFd place, const std::string& target, Rootfs::Links links)
{
    if (auto attached = os::attach(mount, place, ""); !attached) {
        // The kernel's EINVAL has many reasons; this is the one that a person can do something about.
        const auto what = os::status(mount);
        const auto where = os::status(place);
        if (what && where && S_ISDIR(what->st_mode) != S_ISDIR(where->st_mode))
            return fail(Error::fromErrno(S_ISDIR(what->st_mode) ? ENOTDIR : EISDIR).in(std::format("'{}'", target)));
        return fail(std::move(attached).error().in(std::format("attach to '{}'", target)));
    }
    if (target == "/") // which is not looked up
        return {};
    const UniqueFd there = TRY(Rootfs(root).open(target, links), "open what has been mounted");
    const os::Located wanted = TRY(os::locate(mount));
    const os::Located found = TRY(os::locate(there));
    if (found.mount != wanted.mount || found.inode != wanted.inode)
        return fail(ErrorCode::FailedPrecondition, "the path was exchanged while it was mounted");
    return {};
}

Result<> makeReadOnly(BorrowedFd mount)
{
    TRY(os::setAttributes(mount, MOUNT_ATTR_RDONLY, 0, os::Subtree::One));
    if (!(TRY(currentAttributes(mount)) & MOUNT_ATTR_RDONLY))
        return fail(ErrorCode::FailedPrecondition, "it is still writable");
    return {};
}

} // namespace rocker::mount
