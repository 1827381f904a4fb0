#pragma once

#include "engine/base/result.h"
#include "helper/event/event_loop.h"

#include <functional>
#include <list>
#include <vector>

namespace rocker {

// Work that may block (waiting for processes to die, deleting a layer) in a forked child, its outcome brought back to
// the event loop. A child that is killed is a failed job.
class Jobs
{
public:
    explicit Jobs(EventLoop& loop) : m_loop(loop) {}

    // The child keeps only the descriptors in `kept`.
    void run(const std::function<Result<>()>& work, std::function<void(Result<>)> done, std::vector<int> kept = {});
    // Waits for a child of ours to end, and reaps it.
    void reapLater(UniqueFd pidfd);

private:
    struct Job {
        UniqueFd pidfd;
        UniqueFd result;
        EventLoop::Source source;
        std::function<void(Result<>)> done;
    };
    void finish(std::list<Job>::iterator job);

    EventLoop& m_loop;
    std::list<Job> m_jobs;
};

} // namespace rocker
