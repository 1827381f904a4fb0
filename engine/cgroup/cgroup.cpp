#include "engine/cgroup/cgroup.h"

#include "engine/base/scope_exit.h"
#include "engine/cgroup/device_rules.h"
#include "engine/os/file.h"
#include "engine/os/process.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <ctime>
#include <set>

namespace rocker::cgroup {

namespace {

std::vector<pid_t> parsePids(std::string_view text)
{
    std::vector<pid_t> pids;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        pid_t pid = 0;
        const auto [next, error] = std::from_chars(at, end, pid);
        if (error != std::errc{})
            break;
        pids.push_back(pid);
        at = next + 1;
    }
    return pids;
}

// A new v1 cpuset has no processors and no memory nodes until it is given its parent's (cpuset(7)).
Result<> inheritCpuset(BorrowedFd parent, BorrowedFd directory)
{
    for (const char* file : {"cpuset.cpus", "cpuset.mems"}) {
        std::string own = TRY(os::readFile(directory, file), "read {}", file);
        if (own.find_first_of("0123456789") != std::string::npos)
            continue;
        std::string value = TRY(os::readFile(parent, file), "read the parent's {}", file);
        TRY(os::writeControlFile(directory, file, value), "write {}", file);
    }
    return {};
}

// The v2 controllers that our settings need, switched on for the children of `directory` where it has them.
Result<> delegate(BorrowedFd directory)
{
    const std::string available = TRY(os::readFile(directory, "cgroup.controllers"), "read cgroup.controllers");
    for (const std::string_view controller : {"cpu", "cpuset", "memory", "pids", "io"}) {
        if ((" " + available).find(" " + std::string(controller)) == std::string::npos)
            continue;
        TRY(os::writeControlFile(directory, "cgroup.subtree_control", "+" + std::string(controller)),
            "switch on the {} controller", controller);
    }
    return {};
}

void nap(std::chrono::microseconds duration)
{
    const timespec time{duration.count() / 1'000'000, duration.count() % 1'000'000 * 1000};
    ::nanosleep(&time, nullptr);
}

} // namespace

Result<UniqueFd> Cgroup::Part::open() const
{
    return os::open(hierarchy.mountPoint + "/" + path, O_RDONLY | O_DIRECTORY);
}

Cgroup Cgroup::open(const Layout& layout, const std::string& parent, const std::string& name)
{
    Cgroup cgroup;
    cgroup.m_pureUnified = layout.pureUnified();
    for (const Hierarchy& hierarchy : layout.hierarchies)
        cgroup.m_parts.push_back({hierarchy, parent + "/" + name});
    return cgroup;
}

Result<Cgroup> Cgroup::create(const Layout& layout, const std::string& parent, const std::string& name,
                              const Limits& limits)
{
    TRY(validate(limits));
    Cgroup cgroup = open(layout, parent, name);
    ScopeExit undo([&] { (void)cgroup.removeAll(); });
    for (const Part& part : cgroup.m_parts)
        TRY(cgroup.createPart(part, limits), "make the cgroup '{}/{}'", part.hierarchy.mountPoint, part.path);
    undo.dismiss();
    return cgroup;
}

Result<> Cgroup::createPart(const Part& part, const Limits& limits) const
{
    UniqueFd directory = TRY(os::open(part.hierarchy.mountPoint, O_RDONLY | O_DIRECTORY));
    const bool cpuset = std::ranges::contains(part.hierarchy.controllers, "cpuset");
    for (std::size_t start = 0; start < part.path.size();) {
        const std::size_t end = std::min(part.path.find('/', start), part.path.size());
        const std::string step = part.path.substr(start, end - start);
        if (m_pureUnified)
            TRY(delegate(directory));
        TRY(os::makeDirectory(directory, step, 0755));
        UniqueFd next = TRY(os::open(directory, step, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
        if (cpuset)
            TRY(inheritCpuset(directory, next));
        directory = std::move(next);
        start = end + 1;
    }
    for (const Setting& setting : m_pureUnified ? settingsV2(limits) : settingsV1(limits)) {
        if (!m_pureUnified && !std::ranges::contains(part.hierarchy.controllers, setting.controller))
            continue;
        if (auto written = os::writeControlFile(directory, setting.file, setting.value); !written && !setting.optional)
            return fail(std::move(written).error().in(std::format("write '{}' to {}", setting.value, setting.file)));
    }
    if (std::ranges::contains(part.hierarchy.controllers, "devices")) {
        TRY(os::writeControlFile(directory, "devices.deny", "a"), "write devices.deny");
        for (const DeviceRule& rule : containerDevices())
            TRY(os::writeControlFile(directory, "devices.allow", ruleText(rule)), "write '{}' to devices.allow", ruleText(rule));
    }
    if (m_pureUnified)
        TRY(attachDeviceProgram(directory, containerDevices()));
    return {};
}

const Cgroup::Part* Cgroup::part(std::string_view controller) const
{
    for (const Part& part : m_parts)
        if (part.hierarchy.unified ? m_pureUnified : std::ranges::contains(part.hierarchy.controllers, controller))
            return &part;
    return nullptr;
}

const Cgroup::Part* Cgroup::unifiedPart() const
{
    const auto found = std::ranges::find_if(m_parts, [](const Part& part) { return part.hierarchy.unified; });
    return found == m_parts.end() ? nullptr : &*found;
}

Result<UniqueFd> Cgroup::birthplace() const
{
    const Part* const unified = unifiedPart();
    return unified ? unified->open() : UniqueFd();
}

Result<Entrance> Cgroup::entrance() const
{
    Entrance entrance;
    for (const Part& part : m_parts) {
        if (part.hierarchy.unified)
            continue;
        const UniqueFd directory = TRY(part.open(), "open the cgroup '{}/{}'", part.hierarchy.mountPoint, part.path);
        entrance.m_tasks.push_back(TRY(os::open(directory, "tasks", O_WRONLY | O_NOFOLLOW), "open tasks"));
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

Result<> Cgroup::freeze() const
{
    const Part* const freezer = part("freezer");
    if (!freezer)
        return fail(ErrorCode::Unavailable, "this machine has no freezer controller");
    const UniqueFd directory = TRY(freezer->open(), "open the cgroup '{}'", freezer->path);
    if (m_pureUnified)
        return os::writeControlFile(directory, "cgroup.freeze", "1");
    return os::writeControlFile(directory, "freezer.state", "FROZEN");
}

Result<> Cgroup::thaw() const
{
    const Part* const freezer = part("freezer");
    if (!freezer)
        return fail(ErrorCode::Unavailable, "this machine has no freezer controller");
    const UniqueFd directory = TRY(freezer->open(), "open the cgroup '{}'", freezer->path);
    if (m_pureUnified)
        return os::writeControlFile(directory, "cgroup.freeze", "0");
    return os::writeControlFile(directory, "freezer.state", "THAWED");
}

Result<std::vector<pid_t>> Cgroup::processes() const
{
    std::set<pid_t> all;
    for (const Part& part : m_parts) {
        const auto directory = part.open();
        if (!directory)
            continue;
        for (const pid_t pid : parsePids(TRY(os::readFile(*directory, "cgroup.procs"), "read cgroup.procs")))
            all.insert(pid);
    }
    return std::vector(all.begin(), all.end());
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

Result<> Cgroup::killAll() const
{
    if (const Part* const unified = unifiedPart())
        if (const auto directory = unified->open())
            (void)os::writeControlFile(*directory, "cgroup.kill", "1");
    // By pidfd: between reading a number and signalling it, the number may have become somebody else's, so membership
    // is read again after the descriptor is held.
    std::vector<std::pair<pid_t, UniqueFd>> held;
    for (const pid_t pid : TRY(processes()))
        if (auto pidfd = os::openPidfd(pid))
            held.emplace_back(pid, std::move(*pidfd));
    const std::vector<pid_t> still = TRY(processes());
    for (const auto& [pid, pidfd] : held)
        if (std::ranges::contains(still, pid))
            (void)os::sendSignal(pidfd, SIGKILL);
    return {};
}

Result<> Cgroup::removeAll() const
{
    for (const Part& part : m_parts) {
        const auto root = os::open(part.hierarchy.mountPoint, O_RDONLY | O_DIRECTORY);
        if (!root)
            continue;
        const auto removed = os::removeDirectory(*root, part.path);
        if (!removed && removed.error().errnum != ENOENT)
            return fail(Error(removed.error()).in(std::format("remove the cgroup '{}/{}'", part.hierarchy.mountPoint, part.path)));
    }
    return {};
}

Result<> Cgroup::destroy() const
{
    // Frozen processes die only when thawed (v1 freezer).
    constexpr auto patience = std::chrono::seconds(10);
    std::chrono::microseconds waited{0};
    for (std::chrono::microseconds step{200}; waited < patience; waited += step, step = std::min(step * 2, std::chrono::microseconds(20'000))) {
        if (!TRY(processes()).empty()) {
            (void)thaw();
            TRY(killAll());
        } else if (auto removed = removeAll(); removed || removed.error().errnum != EBUSY) {
            return removed;
        }
        nap(step);
    }
    return fail(ErrorCode::Internal, "processes of the cgroup '{}' do not end", m_parts.empty() ? "" : m_parts.front().path);
}

std::int64_t oomKills(std::string_view contents)
{
    constexpr std::string_view key = "oom_kill ";
    for (std::size_t at = contents.find(key); at != std::string_view::npos; at = contents.find(key, at + 1)) {
        if (at != 0 && contents[at - 1] != '\n')
            continue;
        std::int64_t count = 0;
        std::from_chars(contents.data() + at + key.size(), contents.data() + contents.size(), count);
        return count;
    }
    return 0;
}

} // namespace rocker::cgroup
