#include "engine/container/init.h"

#include "engine/container/namespace_root.h"
#include "engine/container/sysctl.h"
#include "engine/device/nodes.h"
#include "engine/hook/hook.h"
#include "engine/mount/apply.h"
#include "engine/network/network.h"
#include "engine/os/file.h"
#include "engine/os/host_name.h"
#include "engine/os/process.h"
#include "engine/os/procfs.h"
#include "engine/os/syscall.h"
#include "engine/rootfs/rootfs.h"

#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rocker::container {

namespace {

// The steps of a container's set-up, in their order; each uses what the ones before it have made.
class Init
{
public:
    Init(Blueprint& blueprint, StandardStreams streams, ChildEnd& channel)
        : m_blueprint(blueprint), m_streams(std::move(streams)), m_channel(channel), m_command(blueprint.process)
    {
    }

    Result<> setUp()
    {
        using Step = Result<> (Init::*)();
        constexpr std::pair<const char*, Step> steps[]{
            {"receive the go-ahead", &Init::receiveGo},
            {"join the namespaces", &Init::joinOthers},
            {"make the namespaces its own", &Init::isolate},
            {"become the container's root", &Init::becomeRoot},
            {"bring up the loopback interface", &Init::bringUpLoopback},
            {"mount the root file system", &Init::attachRoot},
            {"", &Init::mountAll}, // says all by itself
            {"make the devices", &Init::makeDevices},
            {"open the terminal", &Init::openConsole},
            {"write the kernel parameters", &Init::writeParameters},
            {"run the hooks", &Init::runHooks},
            {"make the working directory", &Init::makeWorkingDirectory},
            {"protect kernel files", &Init::protect},
            {"change the root", &Init::changeRoot},
            {"name the host", &Init::nameHost},
            {"take the standard streams", &Init::takeStandardStreams},
        };
        for (const auto& [name, step] : steps)
            if (auto done = (this->*step)(); !done)
                return *name ? fail(std::move(done).error().in(name)) : done;
        if (m_blueprint.hasCommand)
            TRY(m_command.prepare());
        TRY(m_channel.send(Progress::Ready, m_terminal.master), "report readiness");
        m_terminal = {};
        return {};
    }

    Error becomeCommand(Gate gate)
    {
        return passGate(m_command, std::move(gate), m_channel, [this]() -> Result<> {
            if (!m_blueprint.hasCommand)
                return fail(ErrorCode::FailedPrecondition, "process: is missing: there is nothing to start");
            if (m_blueprint.startContainer.empty())
                return {};
            return hook::runAll("startContainer", m_blueprint.startContainer,
                                {.state = m_states.created,
                                 .environment = &m_command.environment(),
                                 .output = m_blueprint.hookOutput,
                                 .errorOutput = m_blueprint.hookErrorOutput,
                                 .confine = &m_blueprint.confineStartContainer});
        });
    }

private:
    Result<> receiveGo()
    {
        Word go = TRY(m_channel.awaitGo());
        m_states = HookStates::decode(go.text);
        std::size_t next = 0;
        if (!m_blueprint.root.valid() && m_blueprint.rootChange != mount::RootChange::Chroot) {
            if (go.fds.empty())
                return fail(ErrorCode::Internal, "no root file system came");
            m_blueprint.root = std::move(go.fds[next++]);
        }
        for (; next < go.fds.size(); ++next)
            m_blueprint.sources.add(std::move(go.fds[next]));
        return {};
    }

    Result<> joinOthers()
    {
        if (m_blueprint.namespaces.needIntermediate())
            return {};
        return joinNamespaces(m_blueprint.namespaces);
    }

    Result<> isolate()
    {
        TRY(os::check(::setsid()), "begin a session");
        TRY(makeLateNamespaces(m_blueprint.namespaces));
        hideFromTracers();
        return {};
    }

    Result<> becomeRoot()
    {
        TRY(becomeNamespaceRoot(m_blueprint.process.keepGroups ? Groups::Keep : Groups::Drop));
        hideFromTracers();
        return {};
    }

    Result<> bringUpLoopback()
    {
        return m_blueprint.namespaces.isFresh(CLONE_NEWNET) ? network::bringUpLoopback() : Result<>{};
    }

    Result<> attachRoot()
    {
        // Modes of what is made are meant as they are given.
        ::umask(0);
        m_root = TRY(mount::attachRoot(std::move(m_blueprint.root), m_blueprint.rootPath, m_blueprint.mounts.rootPropagation,
                                       m_blueprint.rootChange));
        mount::Assembler::MapOutside mapOutside;
        if (m_blueprint.namespaces.has(CLONE_NEWUSER))
            mapOutside = [this](BorrowedFd tree, std::size_t source) -> Result<> {
                TRY(m_channel.send(Progress::Mapping, tree, std::to_string(source)));
                return TRY(m_channel.awaitGo()), Result<>{};
            };
        m_assembler.emplace(m_blueprint.mounts, m_blueprint.sources, m_root, std::move(mapOutside));
        return {};
    }

    Result<> mountAll()
    {
        TRY(m_assembler->mountAll());
        m_blueprint.sources = {}; // what is attached needs no descriptor any more
        if (UniqueFd cover = m_assembler->takeCover(); cover.valid())
            m_root = std::move(cover);
        return {};
    }

    Result<> makeDevices()
    {
        TRY(device::makeNodes(m_root, m_blueprint.nodes, m_blueprint.hostNodes));
        if (m_blueprint.makeDevLinks)
            TRY(device::makeLinks(m_root));
        m_blueprint.hostNodes.clear();
        return {};
    }

    Result<> openConsole()
    {
        if (!m_blueprint.process.process.terminal)
            return {};
        const UniqueFd pts = TRY(Rootfs(m_root).openForReading("/dev/pts"));
        m_terminal = TRY(openTerminal(pts, terminalSize(m_blueprint.process.process)));
        return m_blueprint.mounts.bringsDev ? Result<>{} : mount::attachConsole(m_root, m_terminal.slave);
    }

    Result<> runHooks()
    {
        if (m_blueprint.hooksBeforePivot) {
            TRY(m_channel.send(Progress::Mounted));
            TRY(m_channel.awaitGo());
        }
        if (m_blueprint.createContainer.empty())
            return {};
        return hook::runAll("createContainer", m_blueprint.createContainer, {.state = m_states.creating, .directory = m_root,
                             .output = m_blueprint.hookOutput, .errorOutput = m_blueprint.hookErrorOutput});
    }

    // While the root is writable. What cannot be looked up or made as root may be for the command's user.
    Result<> makeWorkingDirectory()
    {
        const std::string& path = m_blueprint.process.process.cwd;
        if (m_blueprint.process.makeWorkingDirectory && path.starts_with('/'))
            if (const Rootfs root(m_root); !root.open(path))
                (void)root.makeDirectory(path);
        return {};
    }

    Result<> protect() { return m_assembler->protect(); }

    Result<> changeRoot()
    {
        TRY(mount::changeRoot(m_root, m_blueprint.mounts.rootPropagation, m_blueprint.rootChange));
        m_root.reset();
        return {};
    }

    Result<> nameHost()
    {
        if (!m_blueprint.hostname.empty())
            TRY(os::setHostName(m_blueprint.hostname));
        if (!m_blueprint.domainname.empty())
            TRY(os::setDomainName(m_blueprint.domainname));
        return {};
    }

    Result<> writeParameters()
    {
        if (m_blueprint.sysctl.empty())
            return {};
        // The host's procfs shows the namespaces of who looks, and nobody has mounted anything over it.
        const UniqueFd procfs = TRY(os::openProcfs());
        return writeSysctls(procfs, m_blueprint.sysctl);
    }

    Result<> takeStandardStreams()
    {
        if (!m_blueprint.process.process.terminal && !m_streams.input.valid())
            m_streams.input = TRY(os::open("/dev/null", O_RDONLY), "open /dev/null");
        ::umask(0022); // the command's, unless its configuration has another
        TRY(takeStreams(m_blueprint.process, m_terminal, m_streams));
        // A container that waits must not keep its creator's pipes open: who reads them waits for their end.
        m_streams = {};
        return {};
    }

    Blueprint& m_blueprint;
    StandardStreams m_streams;
    ChildEnd& m_channel;
    Command m_command;
    UniqueFd m_root;
    std::optional<mount::Assembler> m_assembler;
    Terminal m_terminal;
    HookStates m_states;
};

} // namespace

// What the creator had open besides: nobody who gets into the container early is to find any of it here.
static void closeStrangers(const Blueprint& blueprint, const StandardStreams& streams, const Gate& gate, const ChildEnd& channel)
{
    std::vector<int> kept = streams.numbers();
    kept.insert(kept.end(), {channel.socket().value(), gate.listener.value(), blueprint.root.value(),
                             blueprint.hookOutput.value(), blueprint.hookErrorOutput.value()});
    for (const Namespaces::Joined& joined : blueprint.namespaces.joined)
        kept.push_back(joined.fd.value());
    for (std::size_t i = 0; i < blueprint.sources.size(); ++i)
        kept.insert(kept.end(), {blueprint.sources.at(i).tree.value(), blueprint.sources.at(i).idMap.value()});
    for (const UniqueFd& node : blueprint.hostNodes)
        kept.push_back(node.value());
    for (unsigned i = 0; i < blueprint.process.preservedFds; ++i)
        kept.push_back(int(3 + i));
    os::closeAllExcept(std::move(kept));
}

std::string HookStates::encode() const
{
    return creating + '\0' + created;
}

HookStates HookStates::decode(std::string_view text)
{
    const std::size_t end = text.find('\0');
    if (end == std::string_view::npos)
        return {};
    return {std::string(text.substr(0, end)), std::string(text.substr(end + 1))};
}

void runInit(Blueprint& blueprint, StandardStreams streams, Gate gate, ChildEnd& channel)
{
    closeStrangers(blueprint, streams, gate, channel);
    Init init(blueprint, std::move(streams), channel);
    auto ready = init.setUp();
    channel.sendError(ready ? init.becomeCommand(std::move(gate)) : std::move(ready).error());
    ::_exit(127);
}

} // namespace rocker::container
