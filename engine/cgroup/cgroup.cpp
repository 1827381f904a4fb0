#include "engine/cgroup/cgroup.h"

#include "engine/cgroup/device_program.h"
#include "engine/cgroup/directory.h"
#include "engine/cgroup/freezer.h"
#include "engine/os/file.h"

#include <algorithm>
#include <linux/openat2.h>

namespace rocker::cgroup {

Result<BorrowedFd> Cgroup::Part::openTop() const
{
    if (!topDirectory.valid())
        topDirectory = TRY(openHierarchy(top));
    return topDirectory.borrow();
}

Result<BorrowedFd> Cgroup::Part::open() const
{
    if (!directory.valid())
        directory = TRY(openGroup(TRY(openTop()), path), "open the cgroup '{}'", fullPath());
    return directory.borrow();
}

bool Cgroup::Part::has(std::string_view controller) const
{
    return std::ranges::contains(controllers, controller);
}

Cgroup Cgroup::open(const Layout& layout, const std::string& place, Named named)
{
    Cgroup cgroup;
    cgroup.m_pureUnified = layout.pureUnified();
    for (const Hierarchy& hierarchy : layout.hierarchies)
        if (named == Named::Join || hierarchy.unified || !hierarchy.controllers.empty())
            cgroup.m_parts.push_back(
                {hierarchy.mountPoint, place, hierarchy.controllers, hierarchy.name, hierarchy.unified});
    return cgroup;
}

Cgroup Cgroup::fromPaths(const std::map<std::string, std::string>& paths)
{
    Cgroup cgroup;
    cgroup.m_pureUnified = paths.contains("");
    for (const auto& [key, path] : paths) {
        const std::size_t slash = path.rfind('/');
        if (slash == std::string::npos || slash + 1 == path.size())
            continue;
        auto part = std::ranges::find_if(cgroup.m_parts, [&](const Part& other) { return other.fullPath() == path; });
        if (part == cgroup.m_parts.end())
            part = cgroup.m_parts.insert(part, {path.substr(0, slash), path.substr(slash + 1), {}, {}});
        constexpr std::string_view named = "name=";
        if (key.empty()) {
            part->unified = true;
        } else if (key.starts_with(named)) {
            part->name = key.substr(named.size());
        } else {
            part->controllers.push_back(key);
            cgroup.m_pureUnified = false;
        }
    }
    return cgroup;
}

std::map<std::string, std::string> Cgroup::paths() const
{
    std::map<std::string, std::string> paths;
    for (const Part& part : m_parts) {
        for (const std::string& controller : part.controllers)
            paths.emplace(controller, part.fullPath());
        if (!part.name.empty())
            paths.emplace("name=" + part.name, part.fullPath());
        if (part.unified)
            paths.emplace("", part.fullPath());
    }
    return paths;
}

std::vector<View> Cgroup::views() const
{
    std::vector<View> views;
    for (const Part& part : m_parts) {
        View& view = views.emplace_back(View{.path = part.fullPath(), .unified = part.unified});
        for (const std::string& controller : part.controllers)
            view.name += (view.name.empty() ? "" : ",") + controller;
        view.options = view.name;
        if (part.controllers.size() > 1)
            view.aliases = part.controllers;
        if (part.unified && !m_pureUnified)
            view.name = "unified";
        if (!part.name.empty()) {
            view.name = part.controllers.empty() ? part.name : view.name;
            view.options = (part.controllers.empty() ? "none" : view.options) + ",name=" + part.name;
        }
    }
    return views;
}

Version Cgroup::version() const
{
    return m_pureUnified ? Version::V2 : Version::V1;
}

const Cgroup::Part* Cgroup::part(std::string_view controller) const
{
    for (const Part& part : m_parts)
        if (m_pureUnified ? part.unified : part.has(controller))
            return &part;
    return nullptr;
}

const Cgroup::Part* Cgroup::unifiedPart() const
{
    const auto found = std::ranges::find_if(m_parts, &Part::unified);
    return found == m_parts.end() ? nullptr : &*found;
}

const Cgroup::Part* Cgroup::mainPart() const
{
    if (const Part* const devices = part("devices"))
        return devices;
    return m_parts.empty() ? nullptr : &m_parts.front();
}

bool Cgroup::exists() const
{
    const Part* const main = mainPart();
    if (!main)
        return false;
    const auto top = main->openTop();
    return top && os::exists(*top, main->path);
}

namespace {

// What `exec --cgroup` says for a hierarchy; "" for all that are not named.
Result<std::string> below(const Cgroup::Below& below, const std::vector<std::string>& keys)
{
    const auto found = std::ranges::find_if(keys, [&](const std::string& key) { return below.contains(key); });
    std::string path = found != keys.end() ? below.at(*found) : below.contains("") ? below.at("") : "";
    path.erase(0, path.find_first_not_of('/'));
    if (("/" + path + "/").find("/../") != std::string::npos)
        return fail(ErrorCode::InvalidArgument, "bad sub cgroup path: {}", path);
    return path;
}

} // namespace

Result<UniqueFd> Cgroup::birthplace(const Below& sub) const
{
    const Part* const unified = unifiedPart();
    if (!unified)
        return UniqueFd();
    const std::string path = TRY(below(sub, {}));
    return TRY(openGroup(TRY(unified->open()), path), "open the cgroup '{}/{}'", unified->fullPath(), path);
}

Result<UniqueFd> Cgroup::birthplaceBeside(pid_t init) const
{
    const Part* const unified = unifiedPart();
    if (!unified || !m_pureUnified)
        return fail(ErrorCode::Unavailable, "only in cgroup v2 a process is born beside another");
    const std::string text =
        TRY(os::readFile(std::format("/proc/{}/cgroup", init)), "read the cgroups of process {}", init);
    const std::size_t line = text.starts_with("0::") ? 0 : text.find("\n0::");
    const std::size_t start = line == std::string::npos ? line : text.find("::", line) + 2;
    const std::string now = start == std::string::npos ? "" : text.substr(start, text.find('\n', start) - start);
    // Where the hierarchy's root is mounted is not asked again: the longest beginning that our own path ends with is
    // us.
    for (std::size_t end = now.size(); end != std::string::npos && end > 0; end = now.rfind('/', end - 1))
        if (unified->fullPath().ends_with(now.substr(0, end)))
            return TRY(openGroup(TRY(unified->open()), end == now.size() ? "" : now.substr(end + 1)),
                       "open the cgroup '{}'", now);
    return fail(ErrorCode::FailedPrecondition, "process {} has left the container's cgroup for '{}'", init, now);
}

Result<Entrance> Cgroup::entrance(const Below& sub) const
{
    Entrance entrance;
    for (const auto& [controller, path] : sub)
        if (!controller.empty() && std::ranges::none_of(m_parts, [&](const Part& part) { return part.name == controller || part.has(controller); }))
            return fail(ErrorCode::InvalidArgument, "unknown controller {}", controller);
    for (const Part& part : m_parts) {
        if (part.unified)
            continue;
        const std::string path = TRY(below(sub, part.name.empty() ? part.controllers : std::vector{part.name}));
        // A hierarchy without a setting was not opened deeper than its top until now, and need not be for this.
        const bool held = part.directory.valid();
        const std::string tasks = (held ? "" : part.path + "/") + (path.empty() ? "" : path + "/") + "tasks";
        entrance.m_tasks.push_back(
            TRY(os::openResolved(held ? part.directory.borrow() : TRY(part.openTop()), tasks, O_WRONLY,
                                 RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV),
                "open tasks of the cgroup '{}/{}'", part.fullPath(), path));
    }
    return entrance;
}

Result<> Entrance::enter()
{
    for (UniqueFd& tasks : m_tasks) {
        TRY(os::writeAll(tasks, "0"), "join the cgroup");
        tasks.reset();
    }
    return {};
}

Result<> Cgroup::delegateTo(uid_t uid, gid_t gid) const
{
    const Part* const unified = unifiedPart();
    if (!unified || !m_pureUnified)
        return {}; // v1 is not safe to delegate
    const BorrowedFd directory = TRY(unified->open());
    TRY(os::changeOwner(TRY(unified->openTop()), unified->path, uid, gid), "give the cgroup to user {}", uid);
    std::string files =
        os::readFile("/sys/kernel/cgroup/delegate").value_or("cgroup.procs\ncgroup.subtree_control\ncgroup.threads\n");
    while (!files.empty()) {
        const std::size_t end = std::min(files.find('\n'), files.size());
        const std::string file = files.substr(0, end);
        files.erase(0, end + 1);
        if (file.empty() || file.find('/') != std::string::npos)
            continue;
        if (auto changed = os::changeOwner(directory, file, uid, gid); !changed && changed.error().errnum != ENOENT)
            return fail(std::move(changed).error().in(std::format("give {} to user {}", file, uid)));
    }
    return {};
}

Result<Statistics> Cgroup::statistics() const
{
    Statistics statistics;
    if (m_pureUnified)
        return TRY(readV2(statistics, TRY(unifiedPart()->open()))), statistics;
    for (const Part& part : m_parts)
        for (const std::string& controller : part.controllers)
            TRY(readV1(statistics, controller, TRY(part.open())));
    return statistics;
}

UniqueFd Cgroup::oomFile() const
{
    const Part* const memory = part("memory");
    if (!memory)
        return {};
    const auto directory = memory->open();
    if (!directory)
        return {};
    auto file = os::open(*directory, m_pureUnified ? "memory.events" : "memory.oom_control", O_RDONLY);
    return file ? std::move(*file) : UniqueFd();
}

Result<OomWatch> Cgroup::watchOom() const
{
    const Part* const memory = part("memory");
    if (!memory)
        return fail(ErrorCode::Unavailable, "memory controller missing");
    return OomWatch::open(TRY(memory->open()), version());
}

std::int64_t oomKills(std::string_view contents)
{
    return std::int64_t(valueOf(contents, "oom_kill"));
}

} // namespace rocker::cgroup
