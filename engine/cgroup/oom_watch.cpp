#include "engine/cgroup/oom_watch.h"

#include "engine/cgroup/directory.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <algorithm>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>

namespace rocker::cgroup {

namespace {

// inotify(7) takes no directory's descriptor: the file's own name leads there.
Result<int> watch(const UniqueFd& events, BorrowedFd group, const char* file)
{
    const UniqueFd opened = TRY(os::open(group, file, O_RDONLY), "open {}", file);
    return TRY(os::check(::inotify_add_watch(events.value(), std::format("/proc/self/fd/{}", opened.value()).c_str(),
                                             IN_MODIFY)),
               "watch {}", file);
}

std::uint64_t killsIn(BorrowedFd group)
{
    return valueOf(os::readFile(group, "memory.events").value_or(""), "oom_kill");
}

} // namespace

Result<OomWatch> OomWatch::open(BorrowedFd group, Version version)
{
    OomWatch watcher;
    watcher.m_version = version;
    watcher.m_group = TRY(openGroup(group, ""), "open the cgroup");
    if (version == Version::V2) {
        watcher.m_events =
            UniqueFd(TRY(os::check(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)), "make an inotify instance"));
        watcher.m_memoryWatch = TRY(watch(watcher.m_events, watcher.m_group, "memory.events"));
        TRY(watch(watcher.m_events, watcher.m_group, "cgroup.events"));
        watcher.m_seen = killsIn(watcher.m_group);
        return watcher;
    }
    watcher.m_events = UniqueFd(TRY(os::check(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), "make an eventfd"));
    watcher.m_file = TRY(os::open(watcher.m_group, "memory.oom_control", O_RDONLY), "open memory.oom_control");
    const std::string request = std::format("{} {}", watcher.m_events.value(), watcher.m_file.value());
    TRY(os::writeControlFile(watcher.m_group, "cgroup.event_control", request), "write to cgroup.event_control");
    return watcher;
}

Result<OomWatch::News> OomWatch::next()
{
    // Eight bytes of an eventfd, or one event of inotify, which has no name where a file is watched.
    inotify_event event{};
    const ssize_t size = ::read(m_events.value(), &event, sizeof event);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return News::Nothing;
    TRY(os::check(size), "read the events");
    if (m_version == Version::V1) // the eventfd is told of the cgroup's end as well
        return os::exists(m_group, "memory.oom_control") ? News::Killed : News::Gone;
    // The two files tell in any order, and a group that a kill has emptied may say so first.
    const std::uint64_t kills = std::max(killsIn(m_group), m_seen);
    if (event.wd != m_memoryWatch) {
        const auto state = os::readFile(m_group, "cgroup.events");
        m_gone |= !state || valueOf(*state, "populated") == 0;
    }
    if (std::exchange(m_seen, kills) < kills)
        return News::Killed;
    return m_gone ? News::Gone : News::Nothing;
}

} // namespace rocker::cgroup
