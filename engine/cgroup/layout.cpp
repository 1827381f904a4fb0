#include "engine/cgroup/layout.h"

#include "engine/base/text.h"
#include "engine/os/file.h"

#include <algorithm>
#include <array>
#include <linux/magic.h>
#include <sys/vfs.h>

namespace rocker::cgroup {

namespace {

constexpr const char* usualPlace = "/sys/fs/cgroup";
constexpr std::array<std::string_view, 15> knownControllers{"cpu",  "cpuacct", "cpuset",   "memory",  "devices",
                                                            "freezer", "blkio", "pids",    "net_cls", "net_prio",
                                                            "hugetlb", "rdma", "perf_event", "misc",   "debug"};

// Takes the text up to `separator` from the front of `rest`.
std::string_view next(std::string_view& rest, char separator)
{
    const std::size_t end = std::min(rest.find(separator), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

struct Line {
    std::string_view root;
    std::string_view mountPoint;
    std::string_view filesystem;
    std::string_view options; // of the file system
};

// "36 35 98:0 /root /mount options… - type source superoptions"
bool parseLine(std::string_view text, Line& line)
{
    for (int skipped = 0; skipped < 3; ++skipped)
        next(text, ' ');
    line.root = next(text, ' ');
    line.mountPoint = next(text, ' ');
    const std::size_t dash = text.find(" - ");
    if (dash == std::string_view::npos)
        return false;
    text.remove_prefix(dash + 3);
    line.filesystem = next(text, ' ');
    next(text, ' ');
    line.options = next(text, ' ');
    return true;
}

bool covers(std::string_view upper, std::string_view lower)
{
    return lower.starts_with(upper) && (lower.size() == upper.size() || upper == "/" || lower[upper.size()] == '/');
}

struct Found {
    Hierarchy hierarchy;
    bool wholly = false; // mounted from its own root
};

bool describe(const Line& line, Found& found)
{
    found.wholly = line.root == "/";
    found.hierarchy.mountPoint = withoutOctalEscapes(line.mountPoint);
    found.hierarchy.unified = line.filesystem == "cgroup2";
    if (found.hierarchy.unified)
        return true;
    if (line.filesystem != "cgroup")
        return false;
    for (std::string_view rest = line.options; !rest.empty();) {
        const std::string_view option = next(rest, ',');
        if (option.starts_with("name="))
            found.hierarchy.name = option.substr(5);
        else if (std::ranges::contains(knownControllers, option))
            found.hierarchy.controllers.emplace_back(option);
    }
    return !found.hierarchy.controllers.empty() || !found.hierarchy.name.empty();
}

} // namespace

Result<Layout> Layout::detect()
{
    struct statfs status;
    if (::statfs(usualPlace, &status) == 0 && status.f_type == CGROUP2_SUPER_MAGIC)
        return Layout{{{.mountPoint = usualPlace, .unified = true}}};
    Layout layout = parse(TRY(os::readFile("/proc/self/mountinfo"), "read /proc/self/mountinfo"));
    if (layout.hierarchies.empty())
        return fail(ErrorCode::Unavailable, "no cgroup hierarchy is mounted");
    return layout;
}

Layout Layout::parse(std::string_view mountinfo)
{
    std::vector<Found> all;
    while (!mountinfo.empty()) {
        Line line;
        if (!parseLine(next(mountinfo, '\n'), line))
            continue;
        std::erase_if(all, [&](const Found& earlier) { return covers(line.mountPoint, earlier.hierarchy.mountPoint); });
        if (Found found; describe(line, found))
            all.push_back(std::move(found));
    }
    Layout layout;
    for (const bool wholly : {true, false})
        for (Found& found : all) {
            Hierarchy& hierarchy = found.hierarchy;
            const bool known = std::ranges::any_of(layout.hierarchies, [&](const Hierarchy& other) {
                return other.unified == hierarchy.unified && other.controllers == hierarchy.controllers &&
                       other.name == hierarchy.name;
            });
            if (found.wholly == wholly && !known)
                layout.hierarchies.push_back(std::move(hierarchy));
        }
    return layout;
}

bool Layout::hasUnified() const
{
    return std::ranges::any_of(hierarchies, &Hierarchy::unified);
}

bool Layout::pureUnified() const
{
    return hasUnified() &&
           std::ranges::all_of(hierarchies, [](const Hierarchy& each) { return each.controllers.empty(); });
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
