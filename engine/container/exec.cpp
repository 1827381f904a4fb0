#include "engine/cgroup/cgroup.h"
#include "engine/container/channel.h"
#include "engine/container/launch.h"
#include "engine/container/process.h"
#include "engine/container/starter.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"

#include <csignal>
#include <grp.h>
#include <sched.h>
#include <unistd.h>

namespace rocker::container {

namespace {

constexpr int allNamespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

// From inside all of the container's namespaces: the command's process, up to its exec.
Error runJoined(const ProcessSpec& spec, StandardStreams streams, ChildEnd& channel)
{
    const auto prepare = [&](Terminal& terminal) -> Result<> {
        TRY(channel.awaitGo());
        TRY(os::checkDone(::setgroups(0, nullptr)), "drop the groups");
        TRY(os::checkDone(::setresgid(0, 0, 0)), "become the container's root");
        TRY(os::checkDone(::setresuid(0, 0, 0)), "become the container's root");
        TRY(os::check(::setsid()), "begin a session");
        if (spec.tty) {
            const UniqueFd pts = TRY(os::open("/dev/pts", O_RDONLY | O_DIRECTORY), "open /dev/pts");
            terminal = TRY(openTerminal(pts, spec.size));
        } else if (!streams.input.valid()) {
            streams.input = TRY(os::open("/dev/null", O_RDONLY), "open /dev/null");
        }
        TRY(takeStreams(spec, terminal, streams));
        TRY(channel.sendReady(terminal.master));
        terminal = {};
        TRY(channel.awaitGo());
        return {};
    };
    Terminal terminal;
    if (auto prepared = prepare(terminal); !prepared)
        return std::move(prepared).error();
    return becomeCommand(spec);
}

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
        if (m_plan.process.tty)
            writer.resized(m_plan.process.size.value_or(TerminalDimensions{80, 24}));
        m_parts.listener = TRY(listenForControl(m_plan.config, m_plan.sessionId), "listen in '{}'", m_plan.config.monitorsDirectory());
        if (!m_plan.process.tty)
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

    // setns(2) changes only the pid namespace of children: an entrant joins everything, then makes the process as its
    // own sibling (CLONE_PARENT), so that it is the monitor's child.
    Result<> enter()
    {
        auto [parent, child] = TRY(makeChannel());
        const UniqueFd birthplace = TRY(m_cgroup->birthplace());
        cgroup::Entrance entrance = TRY(m_cgroup->entrance());
        os::Child entrant = TRY(os::cloneProcess(0, birthplace), "clone3");
        if (entrant.pid == 0) {
            parent = ParentEnd(UniqueFd());
            runEntrant(std::move(entrance), std::move(child));
        }
        child = ChildEnd(UniqueFd());
        m_parts.pipes.inside = {};
        m_channel.emplace(std::move(parent));
        auto process = m_channel->awaitReady();
        (void)os::sendSignal(entrant.pidfd, SIGKILL);
        (void)os::reap(entrant.pidfd);
        m_parts.process = TRY(std::move(process));
        return {};
    }

    [[noreturn]] void runEntrant(cgroup::Entrance entrance, ChildEnd channel)
    {
        const auto work = [&]() -> Result<> {
            TRY(entrance.enter());
            TRY(os::enterNamespaces(m_target, allNamespaces), "join the namespaces");
            os::Child process = TRY(os::cloneProcess(CLONE_PARENT), "clone3");
            if (process.pid == 0) {
                channel.sendError(runJoined(m_plan.process, std::move(m_parts.pipes.inside), channel));
                ::_exit(127);
            }
            return channel.sendReady(process.pidfd);
        };
        if (auto done = work(); !done)
            channel.sendError(done.error());
        ::_exit(0);
    }

    Result<> runCommand()
    {
        TRY(m_channel->sendGo({}), "send the go-ahead");
        m_parts.terminal = TRY(m_channel->awaitReady());
        TRY(m_channel->sendGo({}), "send the go-ahead");
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
