#include "engine/mount/apply.h"

#include "engine/mount/attach.h"
#include "engine/mount/bind.h"
#include "engine/mount/copy_up.h"
#include "engine/os/file.h"
#include "engine/os/mount.h"
#include "engine/os/syscall.h"
#include "engine/rootfs/rootfs.h"

#include <algorithm>
#include <climits>
#include <sys/mount.h>
#include <unistd.h>

namespace rocker::mount {

namespace {

std::string what(const Step& step)
{
    return std::format("error mounting \"{}\" to rootfs at \"{}\"{}", step.source.empty() ? step.type : step.source, step.target,
        step.where.empty() ? "" : std::format(" ({})", step.where));
}

// The file system's answer when its namespace is not ours to show.
bool isRefused(const Error& error)
{
    return error.errnum == EPERM || error.errnum == EBUSY;
}

Result<std::vector<os::FilesystemOption>> optionsAt(const Step& step, const Rootfs::Place& place)
{
    std::vector<os::FilesystemOption> options = step.options;
    if (step.modeFromTarget && !place.made)
        options.push_back({"mode", std::format("{:04o}", TRY(os::status(place.fd)).st_mode & 07777)});
    return options;
}

// The words that mount(2) wants as flags.
constexpr std::pair<std::string_view, unsigned long> superblockFlags[]{{"ro", MS_RDONLY}, {"sync", MS_SYNCHRONOUS},
    {"dirsync", MS_DIRSYNC}, {"lazytime", MS_LAZYTIME}, {"mand", MS_MANDLOCK}};

// A mount(2) of a new file system, on the directory as the current one, so that no path is involved; the place is then
// looked up again. Only for what fsconfig(2) cannot express.
Result<UniqueFd> mountByMount2(
    BorrowedFd root, const Step& step, const std::vector<os::FilesystemOption>& options, BorrowedFd place)
{
    unsigned long flags = step.iversion ? MS_I_VERSION : 0;
    std::string data;
    for (const auto& [key, value] : options) {
        const auto known = std::ranges::find(superblockFlags, key, &std::pair<std::string_view, unsigned long>::first);
        if (known != std::end(superblockFlags) && value.empty())
            flags |= known->second;
        else
            data += (data.empty() ? "" : ",") + key + (value.empty() ? "" : "=" + value);
    }
    const UniqueFd before = TRY(os::open(".", O_PATH | O_DIRECTORY));
    TRY(os::checkDone(::fchdir(place.value())));
    auto mounted = os::mountLegacy(step.source, ".", step.type, flags, data);
    TRY(os::checkDone(::fchdir(before.value())));
    TRY(std::move(mounted));
    UniqueFd mount = TRY(Rootfs(root).open(step.target));
    if (TRY(os::locate(mount)).mount == TRY(os::locate(place)).mount)
        return fail(ErrorCode::FailedPrecondition, "the path was exchanged while it was mounted");
    TRY(os::setAttributes(mount, step.set, 0, os::Subtree::One));
    return mount;
}

// A new mount is private and has its flags: what is left of a step for it.
Result<> applyRest(BorrowedFd mount, const Step& step)
{
    Step rest;
    rest.recursiveSet = step.recursiveSet;
    rest.recursiveCleared = step.recursiveCleared;
    rest.propagation = step.propagation;
    return applyAttributes(mount, rest, 0);
}

// A recursive bind of this very container's root, as the steps before have left it.
Result<UniqueFd> cloneInside(
    BorrowedFd root, const Step& step, const Sources::Source& source, const Assembler::MapOutside& mapOutside)
{
    const Rootfs::Links links = step.sourceNoFollow ? Rootfs::Links::KeepLast : Rootfs::Links::Follow;
    const UniqueFd place = TRY(Rootfs(root).open(step.insideRoot, links));
    UniqueFd tree = TRY(os::cloneTree(place, "", step.recursive ? os::Subtree::Recursive : os::Subtree::One));
    TRY(applyAttributes(tree, step, MS_SLAVE | MS_REC));
    if (mapOutside && step.idMap != Options::IdMap::No)
        TRY(mapOutside(tree, step.sourceIndex), "map its ids");
    else if (source.idMap.valid())
        TRY(os::setIdMap(tree, source.idMap,
                step.idMap == Options::IdMap::Recursive ? os::Subtree::Recursive : os::Subtree::One),
            "map its ids");
    return tree;
}

} // namespace

Result<> Assembler::mountAll()
{
    for (const Step& step : m_plan.steps)
        if (auto done = mountOne(step); !done) {
            Error error = std::move(done).error();
            if (step.plainDirectory && (error.errnum == ELOOP || error.errnum == ENOTDIR)) // CVE-2019-19921 and its kin
                error = std::move(error).in(
                    std::format("filesystem \"{}\" must be mounted on ordinary directory", step.type));
            return fail(std::move(error).in(what(step)));
        }
    return {};
}

Result<> Assembler::mountOne(const Step& step)
{
    switch (step.kind) {
    case Step::Kind::Filesystem: return mountFilesystem(step);
    case Step::Kind::Bind: return mountBind(step);
    case Step::Kind::Remount: return remount(step);
    case Step::Kind::Symlink: return makeLink(step);
    }
    std::unreachable();
}

Result<> Assembler::mountFilesystem(const Step& step)
{
    const Rootfs::Links links = step.plainDirectory ? Rootfs::Links::Refuse : Rootfs::Links::Follow;
    const Rootfs::Place place = TRY(Rootfs(m_root).placeForDirectory(step.target, links));
    TRY(checkTarget(m_root, place.fd, step, BorrowedFd(-1)));
    const std::vector<os::FilesystemOption> options = TRY(optionsAt(step, place));
    auto made = step.byMount2 ? mountByMount2(m_root, step, options, place.fd)
                              : os::makeMount(step.type, step.source, options, step.set);
    if (!made && step.optional && made.error().errnum == ENODEV)
        return {};
    if (!made && !step.fallback.empty() && isRefused(made.error()))
        return mountFallback(step, place.fd);
    UniqueFd mount = TRY(std::move(made));
    TRY(applyRest(mount, step));
    if (step.copyUp && !place.made)
        TRY(copyUp(place.fd, mount, step.modeFromTarget ? Top::Take : Top::Leave), "copy the directory's content");
    if (!step.byMount2)
        TRY(attachAt(m_root, mount, place.fd, step.target, links));
    if (step.target == "/")
        TRY(standOn(mount));
    if (step.lateReadOnly)
        m_late.push_back({std::move(mount), step.target});
    return {};
}

// What the container may not mount anew it gets as the host has it, with the flags on every mount of it.
Result<> Assembler::mountFallback(const Step& step, BorrowedFd place)
{
    const UniqueFd tree
        = TRY(os::cloneTree(os::currentDirectory, step.fallback, os::Subtree::Recursive), "bind '{}'", step.fallback);
    TRY(os::setAttributes(tree, step.set & ~std::uint64_t(MOUNT_ATTR__ATIME), 0, MS_SLAVE, os::Subtree::Recursive),
        "bind '{}'", step.fallback);
    return attachAt(
        m_root, tree, place, step.target, step.plainDirectory ? Rootfs::Links::Refuse : Rootfs::Links::Follow);
}

Result<> Assembler::mountBind(const Step& step)
{
    if (step.sourceIndex >= m_sources.size())
        return fail(ErrorCode::Internal, "its source has not been opened");
    const Sources::Source& source = m_sources.at(step.sourceIndex);
    if (source.type == S_IFLNK && !source.tree.valid()) {
        Step link = step;
        link.source = source.link;
        return makeLink(link);
    }
    UniqueFd inside;
    if (!step.insideRoot.empty())
        inside = TRY(cloneInside(m_root, step, source, m_mapOutside), "'{}'", step.source);
    const BorrowedFd tree = inside.valid() ? inside : source.tree;
    const mode_t type = inside.valid() ? TRY(os::status(inside)).st_mode & S_IFMT : source.type;
    const Rootfs::Links links = step.targetNoFollow ? Rootfs::Links::KeepLast : Rootfs::Links::Follow;
    const Rootfs::Place place = TRY(type == S_IFDIR ? Rootfs(m_root).placeForDirectory(step.target, links)
                                                    : Rootfs(m_root).placeForFile(step.target, links));
    TRY(checkTarget(m_root, place.fd, step, tree));
    TRY(attachAt(m_root, tree, place.fd, step.target, links));
    return step.target == "/" ? standOn(tree) : Result<>{};
}

Result<> Assembler::standOn(BorrowedFd mount)
{
    m_cover = TRY(os::duplicate(mount));
    m_root = m_cover;
    return {};
}

Result<> Assembler::remount(const Step& step)
{
    const UniqueFd mount = TRY(Rootfs(m_root).open(step.target));
    if (!TRY(os::locate(mount)).mountRoot)
        return fail(Error::fromErrno(EINVAL).in("nothing is mounted there"));
    if (!step.options.empty())
        TRY(os::reconfigure(mount, step.options));
    return applyAttributes(mount, step, 0);
}

Result<> Assembler::makeLink(const Step& step)
{
    const Rootfs::Entry entry = TRY(Rootfs(m_root).entry(step.target));
    auto made = os::makeSymlink(step.source, entry.directory, entry.name);
    if (made || made.error().errnum != EEXIST)
        return made;
    char target[PATH_MAX];
    const ssize_t size = ::readlinkat(entry.directory.value(), entry.name.c_str(), target, sizeof target);
    if (size < 0 || std::string_view(target, std::size_t(size)) != step.source)
        return fail(ErrorCode::AlreadyExists, "'{}' exists and is no link to '{}'", step.target, step.source);
    return {};
}

Result<> Assembler::protect()
{
    for (const Late& late : m_late)
        TRY(makeReadOnly(late.mount), "make '{}' read-only", late.target);
    m_late.clear();
    TRY(makePathsReadOnly(m_root, m_plan.readOnlyPaths));
    TRY(maskPaths(m_root, m_plan.maskedPaths));
    // In the creator's mount namespace the root is mostly no mount of its own, and what it is on is not this container's.
    if (m_plan.readOnlyRoot && TRY(os::locate(m_root)).mountRoot)
        TRY(makeReadOnly(m_root), "make the root read-only");
    return {};
}

} // namespace rocker::mount
