#pragma once

#include "engine/image/worker_process.h"
#include "helper/event/event_loop.h"

#include <functional>
#include <optional>

namespace rocker {

// One run of a worker program; dropped, it is killed.
class WorkerCall
{
public:
    using Progress = std::function<void(const image::WorkerProgress&)>;
    using Done = std::function<void(Result<json::Value>)>;

    explicit WorkerCall(EventLoop& loop) : m_loop(loop) {}
    WorkerCall(const WorkerCall&) = delete;
    // `done` is called from the loop, once, unless this fails.
    Result<> start(const image::WorkerProcess::Launch& launch, Progress progress, Done done);
    // What it has said of its progress already, without waiting for the loop to tell.
    void hear();

private:
    EventLoop& m_loop;
    std::optional<image::WorkerProcess> m_process;
    Progress m_progress;
    EventLoop::Source m_source;
};

} // namespace rocker
