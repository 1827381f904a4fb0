#include "engine/mount/bind.h"

#include "engine/base/text.h"
#include "engine/os/syscall.h"

#include <sys/mount.h>
#include <sys/statvfs.h>

namespace rocker::mount {

namespace {

constexpr std::uint64_t accessTime = MOUNT_ATTR__ATIME | MOUNT_ATTR_NODIRATIME;
constexpr std::uint64_t lockable = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

struct Change {
    std::uint64_t set = 0;
    std::uint64_t cleared = 0;
};

std::string names(std::uint64_t attributes)
{
    std::string text;
    for (const auto& [attribute, name] : {std::pair(MOUNT_ATTR_RDONLY, "ro"), {MOUNT_ATTR_NOSUID, "nosuid"},
                                          {MOUNT_ATTR_NODEV, "nodev"}, {MOUNT_ATTR_NOEXEC, "noexec"}})
        if (attributes & std::uint64_t(attribute))
            text += (text.empty() ? "" : ",") + std::string(name);
    return text;
}

Error refusal(const std::string& what)
{
    return Error{ErrorCode::PermissionDenied, EPERM, what + ": " + reasonOf(EPERM)};
}

Result<Change> withoutLocked(BorrowedFd tree, const Step& step)
{
    const std::uint64_t current = TRY(currentAttributes(tree), "read the source's flags");
    if (const std::uint64_t refused = current & step.named & lockable)
        return fail(refusal(std::format("cannot clear locked flags {}", names(refused))));
    Change change{step.set, step.cleared & ~(current & lockable)};
    if (step.cleared & MOUNT_ATTR__ATIME) {
        if ((step.set & accessTime) != (current & accessTime))
            return fail(refusal("cannot change locked atime flags"));
        change.set &= ~accessTime;
        change.cleared &= ~accessTime;
    }
    return change;
}

Result<> apply(BorrowedFd tree, const Change& change)
{
    if (change.set == 0 && change.cleared == 0)
        return {};
    return os::setAttributes(tree, change.set, change.cleared, os::Subtree::One);
}

Result<> applyOwn(BorrowedFd tree, const Step& step)
{
    if (!step.keepLocked) {
        auto done = apply(tree, {step.set, step.cleared});
        if (done || done.error().errnum != EPERM)
            return done;
    }
    if (step.set == 0 && step.cleared == 0)
        return {};
    return apply(tree, TRY(withoutLocked(tree, step)));
}

os::Subtree subtreeOf(unsigned long flags)
{
    return flags & MS_REC ? os::Subtree::Recursive : os::Subtree::One;
}

// The types in order, without those that a later one makes pointless: private and unbindable forget what was before.
std::vector<unsigned long> effective(const std::vector<unsigned long>& asked, unsigned long inherited)
{
    std::vector<unsigned long> types;
    if (inherited != 0)
        types.push_back(inherited);
    for (const unsigned long type : asked) {
        if ((type & MS_REC) && (type & (MS_PRIVATE | MS_UNBINDABLE)))
            types.clear();
        if (types.empty() || types.back() != type)
            types.push_back(type);
    }
    return types;
}

} // namespace

Result<std::uint64_t> currentAttributes(BorrowedFd mount)
{
    struct statvfs status;
    TRY(os::checkDone(::fstatvfs(mount.value(), &status)));
    constexpr unsigned long noSymlinkFollow = 0x2000; // ST_NOSYMFOLLOW of newer C libraries
    std::uint64_t found = 0;
    for (const auto& [flag, attribute] : {std::pair<unsigned long, std::uint64_t>(ST_RDONLY, MOUNT_ATTR_RDONLY),
                                          {ST_NOSUID, MOUNT_ATTR_NOSUID},
                                          {ST_NODEV, MOUNT_ATTR_NODEV},
                                          {ST_NOEXEC, MOUNT_ATTR_NOEXEC},
                                          {ST_NODIRATIME, MOUNT_ATTR_NODIRATIME},
                                          {noSymlinkFollow, MOUNT_ATTR_NOSYMFOLLOW}})
        if (status.f_flag & flag)
            found |= attribute;
    if (status.f_flag & ST_NOATIME)
        found |= MOUNT_ATTR_NOATIME;
    else if (!(status.f_flag & ST_RELATIME))
        found |= MOUNT_ATTR_STRICTATIME;
    return found;
}

unsigned long inheritedPropagation(unsigned long rootPropagation)
{
    if (rootPropagation & MS_SHARED)
        return 0;
    return rootPropagation & (MS_PRIVATE | MS_UNBINDABLE) ? MS_PRIVATE | MS_REC : MS_SLAVE | MS_REC;
}

Result<> applyAttributes(BorrowedFd tree, const Step& step, unsigned long inherited)
{
    TRY(applyOwn(tree, step), "set the mount's flags");
    std::vector<unsigned long> types = effective(step.propagation, inherited);
    if (step.recursiveSet != 0 || step.recursiveCleared != 0) {
        const bool together = !types.empty() && (types.front() & MS_REC);
        TRY(os::setAttributes(tree, step.recursiveSet, step.recursiveCleared, together ? types.front() & ~MS_REC : 0,
                os::Subtree::Recursive),
            "set the flags of all mounts");
        if (together)
            types.erase(types.begin());
    }
    for (const unsigned long type : types)
        TRY(os::setAttributes(tree, 0, 0, type & ~MS_REC, subtreeOf(type)), "set the mount's propagation");
    return {};
}

} // namespace rocker::mount
