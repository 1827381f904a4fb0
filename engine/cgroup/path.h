#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>

// Where in the hierarchies a container's cgroup is (config-linux.md, "Cgroups Path"). A place is relative to the roots
// of the hierarchies, the same in all of them, without a slash at its ends and without "." and ".." ("pods/web").
namespace rocker::cgroup {

// An absolute `cgroupsPath` counts from the hierarchies' mount points, as the specification says; a relative one does
// as well, so that others find the container where its configuration says; none is the identifier. ".." never leads
// above the root. An error when nothing remains of it: the root itself is no container's.
Result<std::string> placeOf(std::string_view cgroupsPath, std::string_view id);

// The same below the caller's own cgroup or its parent, for callers that own only that; from the text of
// /proc/self/cgroup (cgroups(7)). v2: beside the caller, since a cgroup with processes gives its controllers to no
// children (cgroup-v2.rst, "No Internal Process Constraint").
Result<std::string> placeBesideCaller(std::string_view procSelfCgroup, std::string_view place);

// With systemd as the manager: "slice:prefix:name" is the unit "prefix-name.scope" below "slice"; a name that ends in
// ".slice" is a unit of its own. Without a `cgroupsPath` "system.slice:<prefix>:<id>" ("user.slice" for `rootless`).
struct SystemdUnit {
    std::string slice; // "system.slice"
    std::string name;  // "rocker-web.scope"
    std::string place; // "system.slice/rocker-web.scope"
};
enum class Manager { System, User };
Result<SystemdUnit> systemdUnitOf(std::string_view cgroupsPath, std::string_view id, Manager manager);

} // namespace rocker::cgroup
