#include "engine/cgroup/layout.h"

#include "engine/os/file.h"

#include <algorithm>
#include <array>
#include <ranges>

namespace rocker::cgroup {

namespace {

constexpr std::array<std::string_view, 13> knownControllers{"cpu",     "cpuacct", "cpuset",  "memory",     "devices",
                                                            "freezer", "blkio",   "pids",    "net_cls",    "net_prio",
                                                            "hugetlb", "rdma",    "perf_event"};

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    for (const auto part : text | std::views::split(separator))
        parts.emplace_back(part.begin(), part.end());
    return parts;
}

// "36 35 98:0 /root /mount options… - type source superoptions"; root must be the hierarchy's own.
bool parseLine(std::string_view line, Hierarchy& hierarchy)
{
    const std::size_t dash = line.find(" - ");
    if (dash == std::string_view::npos)
        return false;
    const auto before = split(line.substr(0, dash), ' ');
    const auto after = split(line.substr(dash + 3), ' ');
    if (before.size() < 6 || after.size() < 3 || before[3] != "/")
        return false;
    hierarchy.mountPoint = before[4];
    hierarchy.unified = after[0] == "cgroup2";
    if (hierarchy.unified)
        return true;
    if (after[0] != "cgroup")
        return false;
    for (std::string& option : split(after[2], ','))
        if (std::ranges::contains(knownControllers, option))
            hierarchy.controllers.push_back(std::move(option));
    return !hierarchy.controllers.empty();
}

} // namespace

Result<Layout> Layout::detect()
{
    Layout layout = parse(TRY(os::readFile("/proc/self/mountinfo"), "read /proc/self/mountinfo"));
    if (layout.hierarchies.empty())
        return fail(ErrorCode::Unavailable, "no cgroup hierarchy is mounted");
    return layout;
}

Layout Layout::parse(std::string_view mountinfo)
{
    Layout layout;
    for (const std::string& line : split(mountinfo, '\n')) {
        Hierarchy hierarchy;
        if (!parseLine(line, hierarchy))
            continue;
        const bool seen = std::ranges::any_of(layout.hierarchies, [&](const Hierarchy& other) {
            return other.unified == hierarchy.unified && other.controllers == hierarchy.controllers;
        });
        if (!seen)
            layout.hierarchies.push_back(std::move(hierarchy));
    }
    return layout;
}

bool Layout::hasUnified() const
{
    return std::ranges::any_of(hierarchies, &Hierarchy::unified);
}

std::string_view Layout::kind() const
{
    return pureUnified() ? "v2" : hasUnified() ? "hybrid" : "v1";
}

const Hierarchy* Layout::find(std::string_view controller) const
{
    for (const Hierarchy& hierarchy : hierarchies)
        if (std::ranges::contains(hierarchy.controllers, controller))
            return &hierarchy;
    return nullptr;
}

} // namespace rocker::cgroup
