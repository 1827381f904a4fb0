#include "engine/container/launch.h"

#include "engine/cgroup/cgroup.h"
#include "engine/container/birth.h"
#include "engine/container/init.h"
#include "engine/container/starter.h"
#include "engine/device/device.h"
#include "engine/mount/sources.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/overlay/overlay.h"

#include <csignal>
#include <sched.h>
#include <sys/stat.h>

namespace rocker::container {

namespace {

constexpr std::uint64_t newNamespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

// One start of one container, in the starter process.
class Launcher
{
public:
    explicit Launcher(LaunchPlan plan) : m_plan(std::move(plan)) {}

    Error run(BorrowedFd result)
    {
        const std::vector<Step> steps{
            {"open the container's files", [this] { return openFiles(); }},
            {"make the cgroup", [this] { return makeCgroup(); }, [this] { (void)m_cgroup->destroy(); }},
            {"make the process", [this] { return makeProcess(); }, [this] { endProcess(); }},
            {"assemble the file system", [this] { return assemble(); }},
            {"set up the container", [this] { return setUp(); }},
            {"run the command", [this] { return runCommand(); }},
        };
        if (auto done = runSteps(steps); !done)
            return std::move(done).error();
        Error error = becomeMonitor(std::move(m_parts), m_child.pid, result);
        endProcess();
        (void)m_cgroup->destroy();
        return error;
    }

private:
    Result<> openFiles()
    {
        const std::string path = m_plan.config.containersDirectory() + "/" + m_plan.info.id;
        m_parts.program = TRY(os::open(m_plan.config.monitorPath, O_PATH), "open '{}'", m_plan.config.monitorPath);
        m_parts.directory = TRY(os::open(path, O_RDONLY | O_DIRECTORY), "open '{}'", path);
        if (auto removed = os::remove(m_parts.directory, monitor::exitRecordName); !removed && removed.error().errnum != ENOENT)
            return fail(std::move(removed).error().in("remove the old exit record"));
        m_parts.files = TRY(transcript::open(m_parts.directory, transcript::Access::Append));
        transcript::Writer writer(m_parts.files);
        writer.started();
        if (m_plan.info.settings.tty)
            writer.resized(m_plan.size.value_or(TerminalDimensions{80, 24}));
        m_parts.listener = TRY(listenForControl(m_plan.config, m_plan.info.id), "listen in '{}'", m_plan.config.monitorsDirectory());
        if (!m_plan.info.settings.tty)
            m_parts.pipes = TRY(makeStreamPipes(m_plan.info.settings.interactive));
        return {};
    }

    Result<> makeCgroup()
    {
        const cgroup::Limits limits = m_plan.info.limits();
        TRY(cgroup::validate(limits));
        m_cgroup = TRY(cgroup::Cgroup::create(m_plan.cgroups, {.place = m_plan.config.cgroupPlaceOf(m_plan.info.id),
                                                               .resources = cgroup::resourcesOf(limits),
                                                               .devices = cgroup::containerDevices()}));
        m_parts.oomFile = m_cgroup->oomFile();
        return {};
    }

    // The root file system, /dev and the binds come with the go-ahead, in this order: they are made for a user namespace
    // that only the process brings.
    void draw()
    {
        const spec::IdMapping ids{0, std::uint32_t(m_plan.info.settings.firstHostId), 65536};
        m_blueprint.process = processOf(m_plan.info.settings, m_plan.info.args, m_plan.info.settings.tty);
        setTerminalSize(m_blueprint.process.process, m_plan.size.value_or(TerminalDimensions{80, 24}));
        m_blueprint.namespaces = {.fresh = newNamespaces, .uidMappings = {ids}, .gidMappings = {ids}};
        m_blueprint.hostname = m_plan.info.settings.hostname;
        m_blueprint.mounts = {.maskedPaths = mount::maskedPaths(), .readOnlyPaths = mount::readOnlyPaths()};
        auto& steps = m_blueprint.mounts.steps;
        steps = mount::standardFilesystems();
        steps.insert(steps.begin(), mount::givenMount(0, "/dev"));
        for (std::size_t i = 0; i < m_plan.binds.size(); ++i)
            steps.push_back(mount::givenMount(1 + i, m_plan.binds[i].target));
    }

    Result<> makeProcess()
    {
        draw();
        Newborn newborn = TRY(bear(m_blueprint.namespaces, {.cgroup = &*m_cgroup}, [this](ChildEnd channel) {
            runInit(m_blueprint, std::move(m_parts.pipes.inside), {}, channel);
        }));
        m_parts.pipes.inside = {};
        m_child = std::move(newborn.process);
        m_channel.emplace(std::move(newborn.channel));
        m_userNamespace = TRY(os::open(std::format("/proc/{}/ns/user", m_child.pid), O_RDONLY), "open the user namespace");
        return {};
    }

    void endProcess()
    {
        (void)os::sendSignal(m_child.pidfd.valid() ? m_child.pidfd : m_parts.process, SIGKILL);
        (void)os::reap(m_child.pidfd.valid() ? m_child.pidfd : m_parts.process);
    }

    Result<> assemble()
    {
        const uid_t root = uid_t(m_plan.info.settings.firstHostId);
        // Binds first: they are cloned from the host's mount namespace, which overlay::mount() leaves for a moment.
        for (const LaunchPlan::Bind& bind : m_plan.binds) {
            const bool shift = m_plan.info.settings.owner == 0;
            m_binds.push_back(TRY(mount::cloneBind(bind.source, bind.readOnly, shift ? m_userNamespace.borrow() : BorrowedFd(-1)),
                                  "bind to '{}'", bind.target));
        }
        const std::string workspace = m_plan.config.workspaceOf(m_plan.info.id);
        m_root = TRY(overlay::mount({TRY(lowerDirectories(workspace)), workspace}, m_userNamespace, root));
        m_devices = TRY(device::makeDeviceTree(device::allowedDevices(), root));
        return {};
    }

    // The record is the one thing that Create has waited for: what a crash of the machine took from the workspace is made
    // anew from it.
    Result<std::vector<std::string>> lowerDirectories(const std::string& workspace)
    {
        auto found = overlay::readLower(workspace);
        if (found && found->size() >= m_plan.info.settings.chainIds.size())
            return found;
        std::vector<std::string> layers;
        for (const std::string& chainId : m_plan.info.settings.chainIds)
            layers.push_back(m_plan.config.layerOf(chainId));
        TRY(overlay::createWorkspace({layers, workspace}), "make the workspace anew");
        return layers;
    }

    Result<> setUp()
    {
        std::vector<BorrowedFd> fds{m_root, m_devices};
        for (const UniqueFd& bind : m_binds)
            fds.push_back(bind);
        TRY(m_channel->sendGo(fds), "send the go-ahead");
        m_parts.terminal = TRY(m_channel->await(Progress::Ready)).fd();
        m_root.reset();
        m_devices.reset();
        m_binds.clear();
        m_userNamespace.reset();
        return {};
    }

    Result<> runCommand()
    {
        TRY(m_channel->sendGo(), "send the go-ahead");
        TRY(m_channel->awaitExec());
        m_channel.reset();
        m_parts.process = std::move(m_child.pidfd);
        return {};
    }

    LaunchPlan m_plan;
    MonitorParts m_parts;
    std::optional<cgroup::Cgroup> m_cgroup;
    Blueprint m_blueprint;
    std::optional<ParentEnd> m_channel;
    os::Child m_child;
    UniqueFd m_userNamespace;
    UniqueFd m_root;
    UniqueFd m_devices;
    std::vector<UniqueFd> m_binds;
};

} // namespace

ProcessSpec processOf(const Settings& settings, std::vector<std::string> arguments, bool terminal)
{
    const std::vector<std::string>& names = settings.capabilities;
    return {.process = {.terminal = terminal,
                        .args = std::move(arguments),
                        .env = settings.environment,
                        .cwd = settings.workingDirectory,
                        .capabilities = spec::Capabilities{.bounding = names, .effective = names, .inheritable = names, .permitted = names}},
            .userName = settings.user.empty() ? "0" : settings.user,
            .capabilitiesForRootOnly = true,
            .fillEnvironment = true,
            .makeWorkingDirectory = true};
}

Result<Starting> launch(LaunchPlan plan)
{
    std::vector<int> kept;
    for (const LaunchPlan::Bind& bind : plan.binds)
        kept.push_back(bind.source.value());
    return forkStarter(std::move(kept), [&](BorrowedFd result) { return Launcher(std::move(plan)).run(result); });
}

Result<> createFiles(const EngineConfig& config, const std::string& id, const std::vector<std::string>& lowerDirectories)
{
    return overlay::createWorkspace({lowerDirectories, config.workspaceOf(id)});
}

Result<> cleanUpRun(const EngineConfig& config, const cgroup::Layout& cgroups, const std::string& id)
{
    TRY(cgroup::Cgroup::open(cgroups, config.cgroupPlaceOf(id)).destroy());
    const UniqueFd monitors = TRY(os::open(config.monitorsDirectory(), O_RDONLY | O_DIRECTORY), "open '{}'", config.monitorsDirectory());
    if (auto removed = os::remove(monitors, id); !removed && removed.error().errnum != ENOENT)
        return fail(std::move(removed).error().in("remove the monitor's socket"));
    return {};
}

Result<> removeFiles(const EngineConfig& config, const std::string& id)
{
    return overlay::removeWorkspace(config.workspaceOf(id));
}

} // namespace rocker::container
