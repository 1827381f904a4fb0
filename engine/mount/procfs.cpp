#include "engine/mount/procfs.h"

#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/vfs.h>

namespace rocker::mount {

namespace {

constexpr ino_t procfsRootInode = 1; // PROC_ROOT_INO: of every procfs's root, and of nothing else in it

Result<> checkIsProcfs(BorrowedFd fd)
{
    struct statfs found;
    TRY(os::checkDone(::fstatfs(fd.value(), &found)));
    if (found.f_type != PROC_SUPER_MAGIC)
        return fail(ErrorCode::FailedPrecondition, "not on procfs");
    return {};
}

} // namespace

Result<UniqueFd> openProcfs(BorrowedFd root)
{
    UniqueFd proc = TRY(
        os::openResolved(root, "proc", O_PATH | O_DIRECTORY, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS), "open '/proc'");
    TRY(checkIsProcfs(proc), "'/proc'");
    if (TRY(os::status(proc), "'/proc'").st_ino != procfsRootInode)
        return fail(ErrorCode::FailedPrecondition, "'/proc' is not the root of a procfs");
    return proc;
}

Result<UniqueFd> openProcfsFile(BorrowedFd procfs, const std::string& path, int flags)
{
    // "self" and its kin are links, of procfs's own making.
    constexpr std::uint64_t strict = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS;
    UniqueFd file = TRY(os::openResolved(procfs, path, std::uint64_t(flags), strict), "open '/proc/{}'", path);
    TRY(checkIsProcfs(file), "'/proc/{}'", path);
    return file;
}

Result<> writeProcfsFile(BorrowedFd procfs, const std::string& path, std::string_view text)
{
    const UniqueFd file = TRY(openProcfsFile(procfs, path, O_WRONLY));
    ssize_t count;
    do
        count = ::write(file.value(), text.data(), text.size());
    while (count < 0 && errno == EINTR);
    if (TRY(os::check(count), "write '/proc/{}'", path) != ssize_t(text.size()))
        return fail(ErrorCode::Internal, "'/proc/{}' has taken only a part", path);
    return {};
}

} // namespace rocker::mount
