#include "engine/cgroup/path.h"

#include <algorithm>
#include <array>
#include <vector>

namespace rocker::cgroup {

namespace {

// The names that remain of a path when "." and ".." are worked out as the root directory does.
std::vector<std::string_view> namesOf(std::string_view path)
{
    std::vector<std::string_view> names;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view name = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (name == ".." && !names.empty())
            names.pop_back();
        else if (!name.empty() && name != "." && name != "..")
            names.push_back(name);
    }
    return names;
}

std::string joined(const std::vector<std::string_view>& names)
{
    std::string path;
    for (const std::string_view name : names) {
        if (!path.empty())
            path += '/';
        path += name;
    }
    return path;
}

// "a-b.slice" lies in "a.slice" (systemd.slice(5)).
Result<std::string> slicePath(std::string_view slice)
{
    if (slice == "-.slice")
        return std::string();
    const std::string_view name = slice.substr(0, slice.size() - std::string_view(".slice").size());
    if (!slice.ends_with(".slice") || name.empty() || name.front() == '-' || name.back() == '-' ||
        name.find("--") != std::string_view::npos || name.find('/') != std::string_view::npos)
        return fail(ErrorCode::InvalidArgument, "linux.cgroupsPath: invalid slice name: {}", slice);
    std::string path;
    for (std::size_t dash = name.find('-'); dash != std::string_view::npos; dash = name.find('-', dash + 1))
        path += std::string(name.substr(0, dash)) + ".slice/";
    return path + std::string(slice);
}

} // namespace

Result<std::string> placeOf(std::string_view cgroupsPath, std::string_view id)
{
    if (cgroupsPath.find('\0') != std::string_view::npos || cgroupsPath.find('\n') != std::string_view::npos)
        return fail(ErrorCode::InvalidArgument,
                    "linux.cgroupsPath: line feeds and null bytes are no part of a cgroup's name");
    std::string place = joined(namesOf(cgroupsPath.empty() ? id : cgroupsPath));
    if (place.empty())
        return fail(ErrorCode::InvalidArgument,
                    "linux.cgroupsPath: '{}' is the root of all cgroups, which no container gets", cgroupsPath);
    return place;
}

Result<std::string> placeBesideCaller(std::string_view procSelfCgroup, std::string_view place)
{
    const bool first = procSelfCgroup.starts_with("0::");
    const std::size_t found = first ? 0 : procSelfCgroup.find("\n0::");
    if (found == std::string_view::npos)
        return fail(ErrorCode::Unavailable, "the caller is in no cgroup of v2");
    std::string_view own = procSelfCgroup.substr(found + (first ? 3 : 4));
    own = own.substr(0, own.find('\n'));
    auto names = namesOf(own);
    if (!names.empty())
        names.pop_back();
    for (const std::string_view name : namesOf(place))
        names.push_back(name);
    return joined(names);
}

Result<SystemdUnit> systemdUnitOf(std::string_view cgroupsPath, std::string_view id, Manager manager)
{
    std::array<std::string_view, 3> parts{"", "rocker", id};
    if (!cgroupsPath.empty()) {
        const std::size_t first = cgroupsPath.find(':');
        const std::size_t second = first == std::string_view::npos ? first : cgroupsPath.find(':', first + 1);
        if (second == std::string_view::npos || cgroupsPath.find(':', second + 1) != std::string_view::npos)
            return fail(ErrorCode::InvalidArgument,
                        "linux.cgroupsPath: expected cgroupsPath to be of format \"slice:prefix:name\" for systemd "
                        "cgroups, got \"{}\" instead",
                        cgroupsPath);
        parts = {cgroupsPath.substr(0, first), cgroupsPath.substr(first + 1, second - first - 1),
                 cgroupsPath.substr(second + 1)};
    }
    if (parts[2].empty() || parts[2].find('/') != std::string_view::npos ||
        parts[1].find('/') != std::string_view::npos)
        return fail(ErrorCode::InvalidArgument, "linux.cgroupsPath: '{}' names no unit", cgroupsPath);
    SystemdUnit unit;
    unit.slice = parts[0].empty() ? std::string(manager == Manager::System ? "system.slice" : "user.slice")
                                  : std::string(parts[0]);
    unit.name = parts[2].ends_with(".slice") ? std::string(parts[2])
        : parts[1].empty()                   ? std::format("{}.scope", parts[2])
                                             : std::format("{}-{}.scope", parts[1], parts[2]);
    const std::string path = TRY(slicePath(unit.slice));
    unit.place = path.empty() ? unit.name : path + "/" + unit.name;
    return unit;
}

} // namespace rocker::cgroup
