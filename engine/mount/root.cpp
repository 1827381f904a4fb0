#include "engine/mount/root.h"

#include "engine/base/text.h"
#include "engine/mount/bind.h"
#include "engine/os/file.h"
#include "engine/os/mount.h"
#include "engine/os/syscall.h"

#include <algorithm>
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

// Where mountinfo shows a procfs or a sysfs that is not below `root`, the last mounted first.
Result<std::vector<std::string>> kernelFilesystemsOutside(const std::string& root)
{
    const std::string table = TRY(os::readFile("/proc/self/mountinfo"), "read /proc/self/mountinfo");
    std::vector<std::string> found;
    for (std::string_view rest = table; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const std::size_t dash = line.find(" - ");
        if (dash == line.npos || !(line.substr(dash).starts_with(" - proc ") || line.substr(dash).starts_with(" - sysfs ")))
            continue;
        std::size_t start = 0; // of the fifth word
        for (int word = 0; word < 4; ++word)
            start = line.find(' ', start) + 1;
        std::string path = withoutOctalEscapes(line.substr(start, line.find(' ', start) - start));
        if (path != root && !path.starts_with(root + "/"))
            found.push_back(std::move(path));
    }
    std::ranges::reverse(found);
    return found;
}

// chroot(2) alone leaves the host's procfs and sysfs in the namespace, where one that shows everything would let a new,
// unmasked one be mounted in a user namespace (mount_too_revealing() of the kernel); runc unmounts all of them as well.
Result<> dropKernelFilesystems(BorrowedFd root)
{
    for (const std::string& path : TRY(kernelFilesystemsOutside(TRY(os::pathOf(root)))))
        if (!os::unmount(path, MNT_DETACH)) { // locked, or under another mount
            auto covered = os::mountLegacy("tmpfs", path, "tmpfs", 0, "");
            if (!covered && covered.error().errnum != ENOENT && covered.error().errnum != ENOTDIR)
                return fail(std::move(covered).error().in(std::format("cover the host's '{}'", path)));
        }
    return {};
}

Result<> move(BorrowedFd root)
{
    TRY(os::checkDone(::fchdir(root.value())));
    TRY(dropKernelFilesystems(root));
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
