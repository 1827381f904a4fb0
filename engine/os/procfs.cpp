#include "engine/os/procfs.h"

#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/vfs.h>

namespace rocker::os {

namespace {

constexpr ino_t rootInode = 1; // PROC_ROOT_INO: the same in every instance

Result<> checkProcfs(BorrowedFd fd)
{
    struct statfs found;
    TRY(checkDone(::fstatfs(fd.value(), &found)));
    if (found.f_type != PROC_SUPER_MAGIC)
        return fail(ErrorCode::PermissionDenied, "is not on a procfs");
    return {};
}

} // namespace

Result<UniqueFd> openProcfs(const std::string& path)
{
    UniqueFd fd = TRY(open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW), "open '{}'", path);
    TRY(checkProcfs(fd), "'{}'", path);
    if (TRY(status(fd)).st_ino != rootInode)
        return fail(ErrorCode::PermissionDenied, "'{}' is not the root of a procfs", path);
    return fd;
}

Result<UniqueFd> openInProcfs(BorrowedFd procfs, const std::string& path, int flags)
{
    constexpr std::uint64_t strictly = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS;
    UniqueFd fd = TRY(openResolved(procfs, path, std::uint64_t(flags), strictly), "open '/proc/{}'", path);
    TRY(checkProcfs(fd), "'/proc/{}'", path);
    return fd;
}

Result<> writeInProcfs(BorrowedFd procfs, const std::string& path, std::string_view text)
{
    const UniqueFd fd = TRY(openInProcfs(procfs, path, O_WRONLY | O_NOFOLLOW));
    ssize_t count;
    do
        count = ::write(fd.value(), text.data(), text.size());
    while (count < 0 && errno == EINTR);
    if (TRY(check(count), "write '{}' to '/proc/{}'", text, path) != ssize_t(text.size()))
        return fail(ErrorCode::Internal, "'/proc/{}' has taken only a part of '{}'", path, text);
    return {};
}

Result<std::string> readInProcfs(BorrowedFd procfs, const std::string& path)
{
    const UniqueFd fd = TRY(openInProcfs(procfs, path, O_RDONLY));
    return readAll(fd, 16 << 20);
}

} // namespace rocker::os
