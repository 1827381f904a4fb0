#include "engine/mount/root.h"

#include "engine/mount/bind.h"
#include "engine/os/file.h"
#include "engine/os/mount.h"
#include "engine/os/syscall.h"

#include <sys/mount.h>
#include <unistd.h>

namespace rocker::mount {

namespace {

constexpr unsigned long types = MS_SHARED | MS_SLAVE | MS_PRIVATE | MS_UNBINDABLE;

os::Subtree subtreeOf(unsigned long propagation)
{
    return propagation & MS_REC ? os::Subtree::Recursive : os::Subtree::One;
}

// The old root lies on top of the new one after pivot_root(".", ".") (pivot_root(2), NOTES). Its mounts have been
// slaves or private since attachRoot(): that they go does not reach the host.
Result<> pivot(BorrowedFd root)
{
    TRY(os::checkDone(::fchdir(root.value())));
    TRY(os::pivotRoot(".", "."), "pivot_root");
    TRY(os::unmount(".", MNT_DETACH), "detach the old root");
    return {};
}

// chroot(2) alone leaves the host's procfs and sysfs in the namespace, where they would let a new, unmasked one be
// mounted; runc unmounts them as well.
Result<> dropKernelFilesystems()
{
    for (const char* path : {"/proc", "/sys"})
        if (auto gone = os::unmount(path, MNT_DETACH);
            !gone && gone.error().errnum != EINVAL && gone.error().errnum != ENOENT)
            TRY(os::mountLegacy("tmpfs", path, "tmpfs", 0, ""), "cover the host's '{}'", path);
    return {};
}

Result<> move(BorrowedFd root)
{
    TRY(os::checkDone(::fchdir(root.value())));
    TRY(dropKernelFilesystems());
    TRY(os::attach(root, os::currentDirectory, "/"), "move the root onto '/'");
    return os::checkDone(::chroot("."));
}

Result<> chrootOnly(BorrowedFd root)
{
    TRY(os::checkDone(::fchdir(root.value())));
    return os::checkDone(::chroot("."));
}

// Where the root is to be attached, as this mount namespace sees it; not valid when it cannot be reached from here.
Result<UniqueFd> openPlace(BorrowedFd tree, const std::string& path)
{
    if (path.empty())
        return UniqueFd();
    auto place = os::open(path, O_PATH | O_DIRECTORY);
    if (!place && place.error().errnum == EACCES)
        return UniqueFd();
    UniqueFd found = TRY(std::move(place), "open '{}'", path);
    const os::Located wanted = TRY(os::locate(tree));
    const os::Located there = TRY(os::locate(found), "look at '{}'", path);
    if (wanted.device != there.device || wanted.inode != there.inode)
        return fail(ErrorCode::FailedPrecondition, "'{}' was exchanged", path);
    return found;
}

} // namespace

Result<UniqueFd> cloneRoot(const std::string& path, unsigned long rootPropagation)
{
    UniqueFd tree = TRY(
        os::cloneTree(os::currentDirectory, path, os::Subtree::Recursive, os::LastLink::Follow), "the root '{}'", path);
    if (!S_ISDIR(TRY(os::status(tree)).st_mode))
        return fail(Error::fromErrno(ENOTDIR).in(std::format("the root '{}'", path)));
    // Its own mount never stays a peer of the host's: what is mounted in it would appear there.
    if (const unsigned long inherited = inheritedPropagation(rootPropagation))
        TRY(os::setAttributes(tree, 0, 0, inherited & types, os::Subtree::Recursive), "the propagation of '{}'", path);
    else
        TRY(os::setAttributes(tree, 0, 0, MS_PRIVATE, os::Subtree::One), "the propagation of '{}'", path);
    return tree;
}

Result<UniqueFd> attachRoot(UniqueFd tree, const std::string& path, unsigned long rootPropagation, RootChange change)
{
    if (change == RootChange::Chroot)
        return TRY(os::open(path, O_PATH | O_DIRECTORY), "open the root '{}'", path);
    const unsigned long inherited = inheritedPropagation(rootPropagation);
    TRY(os::mountLegacy("", "/", "", inherited ? inherited : MS_SLAVE | MS_REC, ""),
        "separate the mounts from the host's");
    const UniqueFd place = TRY(openPlace(tree, path));
    if (place.valid())
        TRY(os::attach(tree, place, ""), "attach the root at '{}'", path);
    else // every process can reach it, and lookups of "/…" go on below it
        TRY(os::attach(tree, os::currentDirectory, "/"), "attach the root");
    return tree;
}

Result<> changeRoot(BorrowedFd root, unsigned long rootPropagation, RootChange change)
{
    switch (change) {
    case RootChange::Pivot: TRY(pivot(root)); break;
    case RootChange::Move: TRY(move(root)); break;
    case RootChange::Chroot: TRY(chrootOnly(root)); break;
    }
    TRY(os::checkDone(::chdir("/")));
    if (change != RootChange::Chroot && (rootPropagation & (MS_SHARED | MS_UNBINDABLE)))
        TRY(os::setAttributes(root, 0, 0, rootPropagation & types, subtreeOf(rootPropagation)),
            "linux.rootfsPropagation");
    return {};
}

} // namespace rocker::mount
