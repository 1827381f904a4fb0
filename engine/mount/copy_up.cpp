#include "engine/mount/copy_up.h"

#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <climits>
#include <cstring>
#include <linux/openat2.h>
#include <sys/sendfile.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace rocker::mount {

namespace {

constexpr int maximumDepth = 1000; // each level holds two descriptors

// What neither side's file system keeps is no fault of the copy.
bool isUnsupported(int error)
{
    return error == ENOTSUP || error == EPERM || error == EACCES || error == EINVAL;
}

Result<> copyAttributes(BorrowedFd from, BorrowedFd to)
{
    std::string names(XATTR_LIST_MAX, '\0');
    const ssize_t size = ::flistxattr(from.value(), names.data(), names.size());
    if (size < 0)
        return isUnsupported(errno) ? Result<>() : fail(Error::fromErrno(errno).in("list the extended attributes"));
    std::string value(XATTR_SIZE_MAX, '\0');
    for (const char* name = names.data(); name < names.data() + size; name += std::strlen(name) + 1) {
        const ssize_t length = ::fgetxattr(from.value(), name, value.data(), value.size());
        if (length >= 0 && ::fsetxattr(to.value(), name, value.data(), std::size_t(length), 0) == 0)
            continue;
        if (!isUnsupported(errno) && errno != ENODATA)
            return fail(Error::fromErrno(errno).in(std::format("copy the extended attribute {}", name)));
    }
    return {};
}

// Owner first: a change of owner takes set-id bits away (chown(2)).
Result<> finish(BorrowedFd to, const struct stat& status)
{
    if (::fchown(to.value(), status.st_uid, status.st_gid) != 0 && !isUnsupported(errno))
        return fail(Error::fromErrno(errno).in("set the owner"));
    TRY(os::checkDone(::fchmod(to.value(), status.st_mode & 07777)), "set the mode");
    const timespec times[]{status.st_atim, status.st_mtim};
    return os::checkDone(::futimens(to.value(), times));
}

Result<> copyContents(BorrowedFd from, BorrowedFd to)
{
    for (;;) {
        const ssize_t count = ::sendfile(to.value(), from.value(), nullptr, 1 << 30);
        if (count < 0 && errno == EINTR)
            continue;
        if (TRY(os::check(count)) == 0)
            return {};
    }
}

Result<> copyFile(BorrowedFd fromDirectory, BorrowedFd toDirectory, const std::string& name)
{
    const UniqueFd from = TRY(os::open(fromDirectory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
    const struct stat status = TRY(os::status(from));
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::FailedPrecondition, "no longer a file");
    const UniqueFd to = TRY(os::open(toDirectory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
    TRY(copyContents(from, to));
    TRY(copyAttributes(from, to));
    return finish(to, status);
}

Result<> copyLink(BorrowedFd fromDirectory, BorrowedFd toDirectory, const std::string& name)
{
    char target[PATH_MAX];
    const ssize_t size = TRY(os::check(::readlinkat(fromDirectory.value(), name.c_str(), target, sizeof target)));
    return os::makeSymlink(std::string(target, std::size_t(size)), toDirectory, name);
}

Result<> copyDirectory(BorrowedFd from, BorrowedFd to, Top top, int depth);

Result<> copyEntry(BorrowedFd from, BorrowedFd to, const std::string& name, int depth)
{
    const struct stat status = TRY(os::status(from, name));
    switch (status.st_mode & S_IFMT) {
    case S_IFDIR: {
        auto inside = os::openResolved(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
                                       RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS);
        if (!inside && inside.error().errnum == EXDEV)
            return {}; // what is mounted there is not this file system's
        const UniqueFd source = TRY(std::move(inside));
        TRY(os::checkDone(::mkdirat(to.value(), name.c_str(), 0700)));
        const UniqueFd copy = TRY(os::open(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
        return copyDirectory(source, copy, Top::Take, depth + 1);
    }
    case S_IFREG:
        return copyFile(from, to, name);
    case S_IFLNK:
        TRY(copyLink(from, to, name));
        break;
    default:
        if (auto made = os::makeNode(to, name, status.st_mode, status.st_rdev); !made)
            return made.error().errnum == EPERM ? Result<>() : made;
        TRY(os::changeMode(to, name, status.st_mode & 07777));
    }
    if (auto owned = os::changeOwner(to, name, status.st_uid, status.st_gid);
        !owned && !isUnsupported(owned.error().errnum))
        return owned;
    return {};
}

Result<> copyDirectory(BorrowedFd from, BorrowedFd to, Top top, int depth)
{
    if (depth > maximumDepth)
        return fail(ErrorCode::ResourceExhausted, "more than {} directories below each other", maximumDepth);
    for (const std::string& name : TRY(os::listDirectory(from, ".")))
        TRY(copyEntry(from, to, name, depth), "'{}'", name);
    if (top == Top::Leave)
        return {};
    TRY(copyAttributes(from, to));
    return finish(to, TRY(os::status(from)));
}

} // namespace

Result<> copyUp(BorrowedFd from, BorrowedFd to, Top top)
{
    // Both come as descriptors that only name a directory: read access is taken now.
    const UniqueFd source = TRY(os::open(from, ".", O_RDONLY | O_DIRECTORY));
    const UniqueFd target = TRY(os::open(to, ".", O_RDONLY | O_DIRECTORY));
    return copyDirectory(source, target, top, 0);
}

} // namespace rocker::mount
