#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/cgroup/layout.h"

namespace rocker::cgroup {

// Tells when the kernel kills in a cgroup for want of memory: an eventfd on memory.oom_control (cgroup-v1/memory.rst,
// "OOM Control"), or inotify on memory.events (cgroup-v2.rst).
class OomWatch
{
public:
    // `group` is the cgroup's directory in the memory controller's hierarchy; kept open.
    static Result<OomWatch> open(BorrowedFd group, Version version);

    // Readable when there is news: poll(2) it, then call next().
    BorrowedFd descriptor() const { return m_events; }

    enum class News {
        Nothing,
        Killed, // or, on v1 with the killer disabled, a process that waits for memory
        Gone,   // no process is left in the cgroup (v2), or it was removed (v1): no news will come; after every Killed
    };
    Result<News> next();

private:
    UniqueFd m_events;
    UniqueFd m_group;
    UniqueFd m_file; // v1: must stay open with the eventfd
    Version m_version = Version::V1;
    int m_memoryWatch = -1;
    std::uint64_t m_seen = 0; // kills that were told
    bool m_gone = false;      // v2: told after the last kill
};

} // namespace rocker::cgroup
