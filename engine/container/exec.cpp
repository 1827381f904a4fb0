#include "engine/cgroup/cgroup.h"
#include "engine/container/birth.h"
#include "engine/container/entrant.h"
#include "engine/container/launch.h"
#include "engine/container/starter.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"

#include <csignal>
#include <unistd.h>

namespace rocker::container {

namespace {

// One more command in a running container, in the starter process.
class ExecLauncher
{
public:
    explicit ExecLauncher(ExecPlan plan) : m_plan(std::move(plan)) {}

    Error run(BorrowedFd result)
    {
        const std::vector<Step> steps{
            {"open the session's files", [this] { return openFiles(); }},
            {"find the container", [this] { return findContainer(); }},
            {"enter the container", [this] { return enter(); }, [this] { endProcess(); }},
            {"run the command", [this] { return runCommand(); }},
        };
        if (auto done = runSteps(steps); !done)
            return std::move(done).error();
        Error error = becomeMonitor(std::move(m_parts), m_plan.containerPid, result);
        endProcess();
        return error;
    }

private:
    Result<> openFiles()
    {
        const std::string path = m_plan.config.containersDirectory() + "/" + m_plan.containerId;
        m_parts.program = TRY(os::open(m_plan.config.monitorPath, O_PATH), "open '{}'", m_plan.config.monitorPath);
        const UniqueFd directory = TRY(os::open(path, O_RDONLY | O_DIRECTORY), "open '{}'", path);
        m_parts.files = TRY(transcript::openTemporary(directory), "make the session's transcript in '{}'", path);
        transcript::Writer writer(m_parts.files);
        writer.started();
        if (m_plan.process.process.terminal)
            writer.resized(terminalSize(m_plan.process.process).value_or(TerminalDimensions{80, 24}));
        m_parts.listener = TRY(listenForControl(m_plan.config, m_plan.sessionId), "listen in '{}'", m_plan.config.monitorsDirectory());
        if (!m_plan.process.process.terminal)
            m_parts.pipes = TRY(makeStreamPipes(m_plan.interactive));
        return {};
    }

    // The pid may have become another process's: it must be in the container's cgroup once its descriptor is held.
    Result<> findContainer()
    {
        m_target = TRY(os::openPidfd(m_plan.containerPid), "open process {}", m_plan.containerPid);
        m_cgroup = cgroup::Cgroup::open(m_plan.cgroups, m_plan.config.cgroupPlaceOf(m_plan.containerId));
        for (const pid_t pid : TRY(m_cgroup->processes()))
            if (pid == m_plan.containerPid)
                return {};
        return fail(ErrorCode::FailedPrecondition, "the container has just ended");
    }

    Result<> enter()
    {
        Newborn newborn = TRY(bearInside(m_target, m_plan.containerPid, {.cgroup = &*m_cgroup}, [&](ChildEnd channel) {
            runEntrant(m_plan.process, std::move(m_parts.pipes.inside), channel);
        }));
        m_parts.pipes.inside = {};
        m_parts.process = std::move(newborn.process.pidfd);
        m_channel.emplace(std::move(newborn.channel));
        return {};
    }

    Result<> runCommand()
    {
        TRY(m_channel->sendGo(), "send the go-ahead");
        m_parts.terminal = TRY(m_channel->await(Progress::Ready)).fd();
        TRY(m_channel->sendGo(), "send the go-ahead");
        TRY(m_channel->awaitExec());
        m_channel.reset();
        m_target.reset();
        return {};
    }

    void endProcess()
    {
        (void)os::sendSignal(m_parts.process, SIGKILL);
        (void)os::reap(m_parts.process);
    }

    ExecPlan m_plan;
    MonitorParts m_parts;
    std::optional<cgroup::Cgroup> m_cgroup;
    std::optional<ParentEnd> m_channel;
    UniqueFd m_target;
};

} // namespace

Result<Starting> launchExec(ExecPlan plan)
{
    return forkStarter({}, [&](BorrowedFd result) { return ExecLauncher(std::move(plan)).run(result); });
}

} // namespace rocker::container
