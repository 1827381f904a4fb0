#include "engine/mount/plan.h"

#include "engine/os/mount.h"

#include <cerrno>
#include <ranges>

namespace rocker::mount {

std::vector<Filesystem> standardFilesystems()
{
    constexpr std::uint64_t quiet = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    return {
        {"proc", "proc", "/proc", {}, quiet},
        {"sysfs", "sysfs", "/sys", {}, quiet | MOUNT_ATTR_RDONLY},
        {"devpts", "devpts", "/dev/pts", {{"newinstance", ""}, {"ptmxmode", "0666"}, {"mode", "0620"}, {"gid", "5"}},
         MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC},
        {"mqueue", "mqueue", "/dev/mqueue", {}, quiet, true},
        {"tmpfs", "shm", "/dev/shm", {{"mode", "1777"}, {"size", "64m"}}, quiet},
    };
}

const std::vector<std::string>& maskedPaths()
{
    static const std::vector<std::string> paths{
        "/proc/acpi",     "/proc/asound",     "/proc/interrupts", "/proc/kcore", "/proc/keys",    "/proc/latency_stats",
        "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap"};
    return paths;
}

const std::vector<std::string>& readOnlyPaths()
{
    static const std::vector<std::string> paths{"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};
    return paths;
}

Result<BindArgument> parseBind(const std::string& argument)
{
    std::vector<std::string> parts;
    for (const auto part : argument | std::views::split(':'))
        parts.emplace_back(part.begin(), part.end());
    if (parts.size() < 2 || parts.size() > 3 || (parts.size() == 3 && parts[2] != "ro" && parts[2] != "rw"))
        return fail(ErrorCode::InvalidArgument, "'{}' is not of the form host:container[:ro]", argument);
    TRY(validateBind(parts[0], parts[1]));
    return BindArgument{parts[0], parts[1], parts.size() == 3 && parts[2] == "ro"};
}

Result<> validateBind(const std::string& source, const std::string& target)
{
    if (!source.starts_with('/'))
        return fail(ErrorCode::InvalidArgument, "the bind's source '{}' is not an absolute path", source);
    if (!target.starts_with('/'))
        return fail(ErrorCode::InvalidArgument, "the bind's target '{}' is not an absolute path", target);
    if (target.find_first_not_of('/') == std::string::npos)
        return fail(ErrorCode::InvalidArgument, "a bind cannot cover the container's whole root");
    return {};
}

Result<UniqueFd> cloneBind(BorrowedFd source, bool readOnly, BorrowedFd idMap)
{
    UniqueFd tree = TRY(os::cloneTree(source, "", os::Subtree::Recursive), "clone the mount");
    const std::uint64_t attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | (readOnly ? MOUNT_ATTR_RDONLY : 0);
    TRY(os::setAttributes(tree, attributes, 0, os::Subtree::Recursive), "set nosuid and nodev");
    if (idMap.value() >= 0)
        if (auto mapped = os::setIdMap(tree, idMap); !mapped && mapped.error().errnum != EINVAL)
            return fail(std::move(mapped).error().in("map the ids"));
    return tree;
}

} // namespace rocker::mount
