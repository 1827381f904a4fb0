#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/spec/linux.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

// Which namespaces a container gets: new ones, others' joined by descriptor, or its creator's (namespaces(7);
// runtime-spec, config-linux.md "Namespaces").
namespace rocker::container {

struct Namespaces {
    struct Joined {
        int type; // CLONE_NEW…
        UniqueFd fd;
        std::string path;
    };
    std::uint64_t fresh = 0; // CLONE_NEW…, or-ed
    std::vector<Joined> joined;
    std::vector<spec::IdMapping> uidMappings;
    std::vector<spec::IdMapping> gidMappings;
    std::map<std::string, spec::TimeOffset> timeOffsets;

    bool isFresh(std::uint64_t type) const { return (fresh & type) != 0; }
    bool isJoined(std::uint64_t type) const;
    // New or joined: not the one of the creator.
    bool has(std::uint64_t type) const { return isFresh(type) || isJoined(type); }
    // Whether a process between creator and container has to do the joining: setns(2) changes the pid namespace of
    // children only, and from inside a new user namespace older namespaces cannot be joined.
    bool needIntermediate() const;
};

// Opens the ones to be joined and checks that each is of its type. The error begins with the JSON path.
Result<Namespaces> openNamespaces(const spec::Linux& platform);

// Joins those of `namespaces` in the calling, single-threaded process; the user namespace last but for those that only
// its members may join.
Result<> joinNamespaces(const Namespaces& namespaces);

// In the container's process, before it changes its ids: a cgroup namespace, a time namespace with its offsets. They
// cannot come from clone3(2): the one must see the new cgroup as its root, the other must get its offsets while it is
// still empty (time_namespaces(7)).
Result<> makeLateNamespaces(const Namespaces& namespaces);
constexpr std::uint64_t lateNamespaces = 0x02000000 | 0x00000080; // CLONE_NEWCGROUP, CLONE_NEWTIME

// From outside, for a process in a new user namespace: uid_map, gid_map and, without privileges over the group ids,
// setgroups (user_namespaces(7)).
Result<> writeIdMaps(const Namespaces& namespaces, pid_t pid);

// Those of process `pid` that are not the caller's own, as CLONE_NEW… or-ed: what setns(2) on its pidfd is to join.
Result<int> foreignNamespaces(pid_t pid);

struct NamespaceKind {
    std::string_view name; // in a config.json: "network"
    std::string_view file; // in /proc/<pid>/ns: "net"
    std::uint64_t type;    // CLONE_NEW…
};
std::span<const NamespaceKind> namespaceKinds();

} // namespace rocker::container
