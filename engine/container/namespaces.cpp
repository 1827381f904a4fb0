#include "engine/container/namespaces.h"

#include "engine/container/time_namespace.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"

#include <algorithm>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

namespace rocker::container {

namespace {

constexpr long nsfsMagic = 0x6e736673; // NSFS_MAGIC, linux/magic.h

constexpr NamespaceKind kinds[]{{"pid", "pid", CLONE_NEWPID},   {"network", "net", CLONE_NEWNET},      {"mount", "mnt", CLONE_NEWNS},
                       {"ipc", "ipc", CLONE_NEWIPC},   {"uts", "uts", CLONE_NEWUTS},          {"user", "user", CLONE_NEWUSER},
                       {"cgroup", "cgroup", CLONE_NEWCGROUP}, {"time", "time", CLONE_NEWTIME}};

Result<UniqueFd> openNamespace(const std::string& path, std::uint64_t type)
{
    UniqueFd fd = TRY(os::open(path, O_RDONLY | O_NONBLOCK), "open '{}'", path.size() > 128 ? path.substr(0, 128) + "…" : path);
    struct statfs status{};
    if (::fstatfs(fd.value(), &status) != 0 || status.f_type != nsfsMagic)
        return fail(ErrorCode::InvalidArgument, "'{}' is no namespace", path);
    const int found = ::ioctl(fd.value(), NS_GET_NSTYPE);
    if (found < 0 || std::uint64_t(found) != type)
        return fail(ErrorCode::InvalidArgument, "'{}' is a namespace of another type", path);
    return fd;
}

std::string mapText(const std::vector<spec::IdMapping>& mappings)
{
    std::string text;
    for (const spec::IdMapping& mapping : mappings)
        text += std::format("{} {} {}\n", mapping.containerId, mapping.hostId, mapping.size);
    return text;
}

} // namespace

std::span<const NamespaceKind> namespaceKinds()
{
    return kinds;
}

bool Namespaces::isJoined(std::uint64_t type) const
{
    return std::ranges::contains(joined, int(type), &Joined::type);
}

bool Namespaces::needIntermediate() const
{
    return !joined.empty() && (isFresh(CLONE_NEWUSER) || isJoined(CLONE_NEWUSER) || isJoined(CLONE_NEWPID));
}

Result<Namespaces> openNamespaces(const spec::Linux& platform)
{
    Namespaces namespaces{.uidMappings = platform.uidMappings, .gidMappings = platform.gidMappings, .timeOffsets = platform.timeOffsets};
    for (std::size_t i = 0; i < platform.namespaces.size(); ++i) {
        const auto& [name, path] = platform.namespaces[i];
        const auto kind = std::ranges::find(kinds, name, &NamespaceKind::name);
        if (kind == std::end(kinds))
            return fail(ErrorCode::InvalidArgument, "linux.namespaces[{}].type: '{}' is no namespace", i, name);
        if (path.empty())
            namespaces.fresh |= kind->type;
        else
            namespaces.joined.push_back({int(kind->type), TRY(openNamespace(path, kind->type), "linux.namespaces[{}].path", i), path});
    }
    return namespaces;
}

Result<int> foreignNamespaces(pid_t pid)
{
    const UniqueFd own = TRY(os::open("/proc/self/ns", O_RDONLY | O_DIRECTORY), "open /proc/self/ns");
    const UniqueFd theirs = TRY(os::open(std::format("/proc/{}/ns", pid), O_RDONLY | O_DIRECTORY), "open the namespaces of process {}", pid);
    int types = 0;
    for (const NamespaceKind& kind : kinds) {
        const std::string file(kind.file);
        const auto ours = os::status(own, file, os::Links::Follow);
        if (!ours)
            continue; // a kernel without this kind
        const struct stat other = TRY(os::status(theirs, file, os::Links::Follow), "look at the {} namespace of process {}", kind.name, pid);
        if (ours->st_ino != other.st_ino || ours->st_dev != other.st_dev)
            types |= int(kind.type);
    }
    return types;
}

Result<> joinNamespaces(const Namespaces& namespaces)
{
    std::vector<const Namespaces::Joined*> refused;
    const Namespaces::Joined* user = nullptr;
    for (const Namespaces::Joined& joined : namespaces.joined) {
        if (joined.type == CLONE_NEWUSER) {
            user = &joined;
            continue;
        }
        const auto entered = os::enterNamespaces(joined.fd, joined.type);
        if (!entered && entered.error().errnum == EPERM)
            refused.push_back(&joined);
        else if (!entered)
            return fail(Error(entered.error()).in(std::format("join the namespace '{}'", joined.path)));
    }
    if (user)
        TRY(os::enterNamespaces(user->fd, CLONE_NEWUSER), "join the user namespace '{}'", user->path);
    for (const Namespaces::Joined* joined : refused)
        TRY(os::enterNamespaces(joined->fd, joined->type), "join the namespace '{}'", joined->path);
    return {};
}

Result<> makeLateNamespaces(const Namespaces& namespaces)
{
    if (namespaces.isFresh(CLONE_NEWCGROUP))
        TRY(os::unshare(CLONE_NEWCGROUP), "make a cgroup namespace");
    if (!namespaces.isFresh(CLONE_NEWTIME))
        return {};
    return enterTimeNamespace(namespaces.timeOffsets);
}

Result<> writeIdMaps(const Namespaces& namespaces, pid_t pid)
{
    const UniqueFd proc = TRY(os::open(std::format("/proc/{}", pid), O_RDONLY | O_DIRECTORY));
    if (::geteuid() != 0)
        TRY(os::writeControlFile(proc, "setgroups", "deny"), "write setgroups");
    if (!namespaces.uidMappings.empty())
        TRY(os::writeControlFile(proc, "uid_map", mapText(namespaces.uidMappings)), "linux.uidMappings: write uid_map");
    if (!namespaces.gidMappings.empty())
        TRY(os::writeControlFile(proc, "gid_map", mapText(namespaces.gidMappings)), "linux.gidMappings: write gid_map");
    return {};
}

} // namespace rocker::container
