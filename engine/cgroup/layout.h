#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace rocker::cgroup {

// One mounted hierarchy: a v1 one with its controllers, or the v2 one with none named (cgroups(7)).
struct Hierarchy {
    std::string mountPoint;
    std::vector<std::string> controllers; // of v1: "cpu", "cpuacct", …; empty for v2
    bool unified = false;
};

// What this machine has: all v1, all v2, or hybrid (v1 controllers beside a v2 hierarchy).
struct Layout {
    std::vector<Hierarchy> hierarchies;

    static Result<Layout> detect();
    // From the text of a mountinfo file (proc_pid_mountinfo(5)); named v1 hierarchies without a controller are left out.
    static Layout parse(std::string_view mountinfo);

    bool hasUnified() const;
    bool pureUnified() const { return hierarchies.size() == 1 && hasUnified(); }
    // "v1", "hybrid" or "v2".
    std::string_view kind() const;
    // The v1 hierarchy of a controller, or null.
    const Hierarchy* find(std::string_view controller) const;
};

} // namespace rocker::cgroup
