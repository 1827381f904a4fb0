#include "helper/unpack/overlay_marks.h"

#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <sys/sysmacros.h>
#include <sys/xattr.h>

namespace rocker::unpack {

namespace {

constexpr const char* opaqueXattr = "user.overlay.opaque";
constexpr const char* originXattr = "user.overlay.origin";

} // namespace

Result<> setOpaque(BorrowedFd directory)
{
    return os::checkDone(::fsetxattr(directory.value(), opaqueXattr, "y", 1, 0));
}

bool isOpaque(BorrowedFd directory)
{
    char value;
    return ::fgetxattr(directory.value(), opaqueXattr, &value, 1) == 1 && value == 'y';
}

// A directory that nothing is merged with, being opaque or below an opaque one or new, is listed as it is on disk, and
// whiteouts in it would show: unless it says that it was copied up, from an origin that need not be known (the kernel's
// ovl_path_check_origin_xattr).
Result<> makeWhiteout(BorrowedFd directory, const std::string& name)
{
    TRY(os::checkDone(::fsetxattr(directory.value(), originXattr, "", 0, 0)), "mark a directory with whiteouts");
    return os::makeNode(directory, name, S_IFCHR, makedev(0, 0));
}

bool isWhiteout(const struct stat& status)
{
    return S_ISCHR(status.st_mode) && status.st_rdev == makedev(0, 0);
}

} // namespace rocker::unpack
