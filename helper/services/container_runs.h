#pragma once

#include "engine/cgroup/layout.h"
#include "engine/container/launch.h"
#include "engine/container/monitor_link.h"
#include "helper/event/event_loop.h"
#include "helper/services/jobs.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rocker {

// What runs: starters under way, and the link to the monitor of every running container. Found again from disk after a
// restart of the helper.
class ContainerRuns
{
public:
    struct Callbacks {
        // A monitor that was found says that it keeps the container.
        std::function<void(const std::string& id, pid_t pid)> found;
        // How a run ended, if that was recorded; everything of it is gone already (processes, cgroups, the socket).
        std::function<void(const std::string& id, const std::optional<container::ExitRecord>& exit)> ended;
    };

    ContainerRuns(EventLoop& loop, Jobs& jobs, container::EngineConfig config, cgroup::Layout cgroups, Callbacks callbacks);

    const cgroup::Layout& cgroups() const { return m_cgroups; }

    void start(container::LaunchPlan plan, std::function<void(Result<pid_t>)> done);
    // What an earlier helper may have started: whoever has a name among the monitors.
    std::vector<std::string> monitored() const;
    // A run of an earlier helper: its monitor, or what it has left. `found` or `ended` come later.
    void adopt(const std::string& id);
    bool running(const std::string& id) const { return m_runs.contains(id); }
    bool starting(const std::string& id) const;

    void signal(const std::string& id, int number, std::function<void(Result<>)> done);
    // Runs when this run has ended, after `ended`.
    void whenEnded(const std::string& id, std::function<void()> callback);
    Result<> attach(const std::string& id, const monitor::Request& request, BorrowedFd client, std::string_view rest);

    // `done` gets the session's link; the session ends with its process.
    void exec(container::ExecPlan plan, std::function<void(Result<container::MonitorLink>)> done);

private:
    struct Run {
        std::optional<container::MonitorLink> link;
        EventLoop::Source source;
        std::vector<std::function<void(Result<>)>> signals; // waiting for the monitor's word, in order
        std::vector<std::function<void()>> callbacks;
    };
    struct Launching {
        container::Starting starting;
        EventLoop::Source source;
    };

    void wait(const std::string& key, container::Starting starting, std::function<void(Result<pid_t>)> done);
    Result<> connect(const std::string& id);
    void readReports(const std::string& id);
    void end(const std::string& id);

    EventLoop& m_loop;
    Jobs& m_jobs;
    container::EngineConfig m_config;
    cgroup::Layout m_cgroups;
    Callbacks m_callbacks;
    std::map<std::string, Run> m_runs;
    std::map<std::string, Launching> m_launching;
};

} // namespace rocker
