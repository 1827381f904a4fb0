#include "engine/cgroup/cgroup.h"
#include "engine/cgroup/directory.h"
#include "engine/cgroup/freezer.h"
#include "engine/os/file.h"
#include "engine/os/process.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <poll.h>
#include <set>
#include <thread>

// What is done to a cgroup's processes: stopping, signalling, ending.
namespace rocker::cgroup {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

int millisecondsUntil(steady_clock::time_point deadline)
{
    return int(
        std::max<std::int64_t>(0, std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now()).count()));
}

bool isGone(const Error& error)
{
    return error.errnum == ENOENT || error.errnum == ENODEV;
}

} // namespace

Result<Cgroup::Freezer> Cgroup::freezer() const
{
    if (const Part* const own = part("freezer"))
        return Freezer{TRY(own->open()), version()};
    if (const Part* const unified = unifiedPart()) // v2 freezes in a hybrid machine as well
        return Freezer{TRY(unified->open()), Version::V2};
    return fail(ErrorCode::Unavailable, "this machine has no freezer controller");
}

Result<> Cgroup::freeze() const
{
    const Freezer own = TRY(freezer());
    return cgroup::freeze(own.group, own.version);
}

Result<> Cgroup::thaw() const
{
    const Freezer own = TRY(freezer());
    return cgroup::thaw(own.group, own.version);
}

Result<bool> Cgroup::isFrozen() const
{
    const auto own = freezer();
    if (!own)
        return isGone(own.error()) || own.error().code == ErrorCode::Unavailable ? Result<bool>(false)
                                                                                 : fail(own.error());
    return cgroup::isFrozen(own->group, own->version);
}

Result<std::vector<pid_t>> Cgroup::processes() const
{
    const Part* const main = mainPart();
    if (!main)
        return std::vector<pid_t>{};
    const auto directory = main->open();
    if (!directory && isGone(directory.error()))
        return std::vector<pid_t>{};
    if (!directory)
        return fail(directory.error());
    return processesBelow(*directory);
}

Result<std::vector<UniqueFd>> Cgroup::signalMembers(const std::vector<const Part*>& parts, int signal) const
{
    const auto members = [&]() -> Result<std::set<pid_t>> {
        std::set<pid_t> all;
        for (const Part* part : parts)
            if (const auto directory = part->open())
                for (const pid_t pid : TRY(processesBelow(*directory)))
                    all.insert(pid);
        return all;
    };
    std::vector<UniqueFd> meant;
    std::set<pid_t> seen;
    // Once more for those that were born meanwhile, until nobody is new; whoever bears faster than that is met again by
    // the caller, or has a limit of processes.
    for (int round = 0; round < 20; ++round) {
        std::vector<std::pair<pid_t, UniqueFd>> held;
        for (const pid_t pid : TRY(members()))
            if (!seen.contains(pid))
                if (auto pidfd = os::openPidfd(pid))
                    held.emplace_back(pid, std::move(*pidfd));
        if (held.empty())
            break;
        // Between reading a number and opening it, it may have become somebody else's: who is listed still is the one.
        const std::set<pid_t> still = TRY(members());
        for (auto& [pid, pidfd] : held) {
            seen.insert(pid);
            if (still.contains(pid) && os::sendSignal(pidfd, signal))
                meant.push_back(std::move(pidfd));
        }
    }
    return meant;
}

Result<> Cgroup::signalAll(int signal) const
{
    const Part* const main = mainPart();
    if (!main)
        return {};
    if (signal == SIGKILL && m_pureUnified)
        if (const auto directory = main->open())
            if (os::writeControlFile(*directory, "cgroup.kill", "1"))
                return {};
    TRY(signalMembers({main}, signal));
    // v1: what is frozen dies when it is thawed, and does not stay frozen for nothing.
    if (signal == SIGKILL && TRY(isFrozen()))
        TRY(thaw());
    return {};
}

Result<> Cgroup::removeAll() const
{
    Result<> outcome;
    for (const Part& part : m_parts) {
        const auto top = part.openTop();
        if (!top)
            continue; // the hierarchy is not there any more, nor what was in it
        if (auto removed = removeGroup(*top, part.path); !removed && outcome)
            outcome = fail(std::move(removed).error().in(std::format("remove the cgroup '{}'", part.fullPath())));
    }
    return outcome;
}

Result<> Cgroup::destroy() const
{
    const auto deadline = steady_clock::now() + std::chrono::seconds(10);
    std::vector<const Part*> all;
    for (const Part& part : m_parts)
        all.push_back(&part);
    // Mostly nobody is left, or is just leaving: an exit is over some microseconds after it is told.
    for (microseconds pause(20); steady_clock::now() < deadline; pause = std::min(pause * 2, microseconds(5000))) {
        auto removed = removeAll();
        if (removed || removed.error().errnum != EBUSY)
            return removed;
        if (const Part* const unified = unifiedPart())
            if (const auto directory = unified->open())
                (void)os::writeControlFile(*directory, "cgroup.kill", "1");
        const std::vector<UniqueFd> dying = TRY(signalMembers(all, SIGKILL));
        if (dying.empty()) {
            std::this_thread::sleep_for(pause);
            continue;
        }
        (void)thaw();
        for (const UniqueFd& process : dying) {
            pollfd wait{process.value(), POLLIN, 0};
            (void)::poll(&wait, 1, millisecondsUntil(deadline));
        }
    }
    return fail(ErrorCode::Internal, "processes of the cgroup '{}' do not end",
                m_parts.empty() ? "" : m_parts.front().fullPath());
}

} // namespace rocker::cgroup
