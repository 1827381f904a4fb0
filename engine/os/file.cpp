#include "engine/os/file.h"

#include "engine/os/syscall.h"

#include <climits>
#include <dirent.h>
#include <linux/openat2.h>
#include <memory>
#include <sys/syscall.h>
#include <unistd.h>

namespace rocker::os {

Result<UniqueFd> open(BorrowedFd directory, const std::string& path, int flags, mode_t mode)
{
    return UniqueFd(TRY(check(::openat(directory.value(), path.c_str(), flags | O_CLOEXEC, mode))));
}

Result<UniqueFd> open(const std::string& path, int flags, mode_t mode)
{
    return open(currentDirectory, path, flags, mode);
}

Result<UniqueFd> openResolved(BorrowedFd directory, const std::string& path, std::uint64_t flags, std::uint64_t resolve,
                              mode_t mode)
{
    open_how how{.flags = flags | O_CLOEXEC, .mode = mode, .resolve = resolve};
    // EAGAIN: a rename happened somewhere while ".." was resolved, and the kernel wants another try (openat2(2)).
    for (int attempt = 0;; ++attempt) {
        const long fd = ::syscall(SYS_openat2, directory.value(), path.c_str(), &how, sizeof how);
        if (fd >= 0 || errno != EAGAIN || attempt == 100)
            return UniqueFd(TRY(check(int(fd))));
    }
}

Result<UniqueFd> duplicate(BorrowedFd fd)
{
    return UniqueFd(TRY(check(::fcntl(fd.value(), F_DUPFD_CLOEXEC, 3))));
}

Result<> makeDirectory(BorrowedFd directory, const std::string& path, mode_t mode)
{
    if (::mkdirat(directory.value(), path.c_str(), mode) == 0)
        return {};
    const int error = errno;
    if (error == EEXIST)
        if (const auto found = status(directory, path); found && S_ISDIR(found->st_mode))
            return {};
    return fail(Error::fromErrno(error));
}

Result<> makeDirectories(const std::string& path, mode_t mode)
{
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
        if (const std::string parent = path.substr(0, slash); !exists(currentDirectory, parent))
            TRY(makeDirectory(currentDirectory, parent, mode), "make the directory '{}'", parent);
    if (!exists(currentDirectory, path))
        TRY(makeDirectory(currentDirectory, path, mode), "make the directory '{}'", path);
    return {};
}

Result<> makeNode(BorrowedFd directory, const std::string& path, mode_t mode, dev_t device)
{
    return checkDone(::mknodat(directory.value(), path.c_str(), mode, device));
}

Result<> makeSymlink(const std::string& target, BorrowedFd directory, const std::string& path)
{
    return checkDone(::symlinkat(target.c_str(), directory.value(), path.c_str()));
}

Result<> remove(BorrowedFd directory, const std::string& path)
{
    return checkDone(::unlinkat(directory.value(), path.c_str(), 0));
}

Result<> removeDirectory(BorrowedFd directory, const std::string& path)
{
    return checkDone(::unlinkat(directory.value(), path.c_str(), AT_REMOVEDIR));
}

Result<> rename(BorrowedFd fromDirectory, const std::string& from, BorrowedFd toDirectory, const std::string& to)
{
    return checkDone(::renameat(fromDirectory.value(), from.c_str(), toDirectory.value(), to.c_str()));
}

Result<> changeMode(BorrowedFd directory, const std::string& path, mode_t mode)
{
    return checkDone(::fchmodat(directory.value(), path.c_str(), mode, 0));
}

Result<> changeOwner(BorrowedFd directory, const std::string& path, uid_t uid, gid_t gid)
{
    return checkDone(::fchownat(directory.value(), path.c_str(), uid, gid, AT_SYMLINK_NOFOLLOW));
}

Result<struct stat> status(BorrowedFd fd)
{
    struct stat found;
    TRY(checkDone(::fstat(fd.value(), &found)));
    return found;
}

Result<struct stat> status(BorrowedFd directory, const std::string& path, Links links)
{
    struct stat status;
    TRY(checkDone(::fstatat(directory.value(), path.c_str(), &status, links == Links::Follow ? 0 : AT_SYMLINK_NOFOLLOW)));
    return status;
}

Result<std::string> pathOf(BorrowedFd fd)
{
    char path[PATH_MAX];
    const ssize_t size = ::readlink(std::format("/proc/self/fd/{}", fd.value()).c_str(), path, sizeof path);
    TRY(checkDone(size));
    return std::string(path, std::size_t(size));
}

bool exists(BorrowedFd directory, const std::string& path)
{
    return ::faccessat(directory.value(), path.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

Result<std::vector<std::string>> listDirectory(BorrowedFd directory, const std::string& path)
{
    UniqueFd fd = TRY(open(directory, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd.value()), ::closedir);
    if (!stream)
        return fail(Error::fromErrno(errno));
    (void)fd.release();
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(stream.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..")
            names.emplace_back(name);
        errno = 0;
    }
    if (errno != 0)
        return fail(Error::fromErrno(errno));
    return names;
}

Result<> removeTree(BorrowedFd directory, const std::string& path)
{
    if (::unlinkat(directory.value(), path.c_str(), 0) == 0 || errno == ENOENT)
        return {};
    if (errno != EISDIR && errno != EPERM)
        return fail(Error::fromErrno(errno));
    auto inside = openResolved(directory, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
                               RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV | RESOLVE_BENEATH);
    if (!inside && inside.error().errnum == ENOENT)
        return {}; // somebody else removes it as well
    const UniqueFd entered = TRY(std::move(inside), "enter '{}'", path);
    for (const std::string& name : TRY(listDirectory(entered, "."), "list '{}'", path))
        TRY(removeTree(entered, name), "in '{}'", path);
    if (auto removed = removeDirectory(directory, path); !removed && removed.error().errnum != ENOENT)
        return fail(std::move(removed).error().in(std::format("remove '{}'", path)));
    return {};
}

Result<std::string> readFile(BorrowedFd directory, const std::string& path, std::size_t limit)
{
    return readAll(TRY(open(directory, path, O_RDONLY)), limit);
}

Result<std::string> readFile(const std::string& path, std::size_t limit)
{
    return readFile(currentDirectory, path, limit);
}

Result<std::string> readAll(BorrowedFd fd, std::size_t limit)
{
    std::string contents;
    char buffer[16384];
    for (;;) {
        const ssize_t count = ::read(fd.value(), buffer, sizeof buffer);
        if (count == 0)
            return contents;
        if (count < 0 && errno == EINTR)
            continue;
        TRY(check(count));
        contents.append(buffer, std::size_t(count));
        if (contents.size() > limit)
            return fail(Error::fromErrno(EFBIG));
    }
}

Result<> writeControlFile(BorrowedFd directory, const std::string& path, std::string_view text)
{
    const UniqueFd fd = TRY(open(directory, path, O_WRONLY | O_NOFOLLOW));
    ssize_t count;
    do
        count = ::write(fd.value(), text.data(), text.size());
    while (count < 0 && errno == EINTR);
    return checkDone(count);
}

Result<> writeAll(BorrowedFd fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd.value(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        bytes.remove_prefix(std::size_t(TRY(check(count))));
    }
    return {};
}

Result<> replaceFile(BorrowedFd directory, const std::string& name, std::string_view contents, mode_t mode)
{
    const std::string temporary = "." + name + ".new";
    {
        const UniqueFd fd = TRY(open(directory, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode));
        TRY(writeAll(fd, contents));
        TRY(checkDone(::fsync(fd.value())));
    }
    return rename(directory, temporary, directory, name);
}

} // namespace rocker::os
