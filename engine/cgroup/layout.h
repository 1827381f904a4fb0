#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace rocker::cgroup {

// Whose files hold the settings: v1's (also on a hybrid machine) or v2's.
enum class Version { V1, V2 };

// One mounted hierarchy: a v1 one with its controllers or its name, or the v2 one with neither (cgroups(7)).
struct Hierarchy {
    std::string mountPoint;
    std::vector<std::string> controllers; // of v1: "cpu", "cpuacct", …; empty for v2 and for a named one
    std::string name;                     // of a v1 hierarchy that only groups processes: "systemd"
    bool unified = false;

    bool operator==(const Hierarchy&) const = default;
};

// What this machine has: all v1, all v2, or hybrid (v1 controllers beside a v2 hierarchy).
struct Layout {
    std::vector<Hierarchy> hierarchies;

    // Asks /sys/fs/cgroup first, and reads the list of mounts only when that is not a v2 hierarchy.
    static Result<Layout> detect();
    // From the text of a mountinfo file (proc_pid_mountinfo(5)). A mount that a later one covers does not count; of two
    // views of one hierarchy the one of its own root does, then the first.
    static Layout parse(std::string_view mountinfo);

    bool hasUnified() const;
    // Nothing but v2, or v2 beside named v1 hierarchies only.
    bool pureUnified() const;
    Version version() const { return pureUnified() ? Version::V2 : Version::V1; }
    // "v1", "hybrid" or "v2".
    std::string_view kind() const;
    // The v1 hierarchy of a controller, or null.
    const Hierarchy* find(std::string_view controller) const;
};

} // namespace rocker::cgroup
