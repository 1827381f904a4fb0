#include "sandbox.h"

#include "engine/device/nodes.h"
#include "engine/mount/apply.h"
#include "engine/mount/plan.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"

#include <csignal>
#include <cstdlib>
#include <sched.h>
#include <sstream>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rocker::test {

namespace {

std::string complaints; // of this process

constexpr const char* idMap = "0 100000 65536";

std::string readAll(int fd)
{
    std::string text;
    char buffer[4096];
    for (ssize_t count; (count = ::read(fd, buffer, sizeof buffer)) > 0;)
        text.append(buffer, std::size_t(count));
    return text;
}

// Runs in a new process and returns what that complained about.
std::string elsewhere(const std::function<void()>& function)
{
    os::Pipe pipe = os::makePipe().value();
    const pid_t child = ::fork();
    if (child == 0) {
        pipe.readEnd.reset();
        complaints.clear();
        function();
        (void)os::writeAll(pipe.writeEnd, complaints);
        ::_exit(0);
    }
    pipe.writeEnd.reset();
    std::string said = readAll(pipe.readEnd.value());
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        said += "\nthe process ended badly";
    return said;
}

class Host
{
public:
    Host(const Sandbox& sandbox, std::string directory) : m_sandbox(sandbox), m_directory(std::move(directory)) {}

    Result<> run(const std::function<void()>& check)
    {
        TRY(makeHost());
        m_sandbox.host();
        std::string config = R"({"ociVersion": "1.2.0", "root": {"path": "rootfs"}, "mounts": [)" + m_sandbox.mounts + "]" + m_sandbox.more + "}";
        for (std::size_t at; (at = config.find("@HOST@")) != config.npos;)
            config.replace(at, 6, m_directory);
        const spec::Spec spec = TRY(spec::parse(config));
        mount::Facts facts;
        facts.rootfs = m_directory + "/rootfs";
        facts.userNamespace = m_sandbox.userNamespace;
        facts.cgroups.ownNamespace = m_sandbox.cgroupNamespace;
        facts.cgroups.unified = os::exists(os::currentDirectory, "/sys/fs/cgroup/cgroup.controllers");
        facts.cgroups.hierarchies = {{"pids", "pids", facts.cgroups.unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids", {"processes"}}};
        m_plan = TRY(mount::plan(spec, facts));
        if (m_sandbox.devices && !m_plan.bringsDev)
            m_nodes = TRY(device::planNodes(spec.platform ? spec.platform->devices : std::vector<spec::Device>()));
        m_sources = TRY(mount::Sources::open(m_plan, os::currentDirectory));
        if (m_sandbox.userNamespace)
            m_hostNodes = TRY(device::openHostNodes(m_nodes, {{}, {}}));
        m_root = TRY(mount::cloneRoot(facts.rootfs, m_plan.rootPropagation));
        return runContainer(check);
    }

private:
    Result<> makeHost()
    {
        TRY(os::unshare(CLONE_NEWNS));
        TRY(os::checkDone(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr)));
        TRY(os::checkDone(::mount("host", m_directory.c_str(), "tmpfs", 0, "mode=755")));
        if (m_sandbox.shared)
            TRY(os::checkDone(::mount("none", "/", nullptr, MS_REC | MS_SHARED, nullptr)));
        TRY(os::checkDone(::chdir(m_directory.c_str())));
        ::umask(022);
        TRY(os::makeDirectories("rootfs", 0755));
        const uid_t owner = m_sandbox.userNamespace ? 100000 : 0;
        return os::changeOwner(os::currentDirectory, "rootfs", owner, owner);
    }

    Result<> runContainer(const std::function<void()>& check)
    {
        pid_t racer = 0;
        if (m_sandbox.meanwhile && (racer = ::fork()) == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            m_sandbox.meanwhile();
            ::_exit(0);
        }
        os::Pipe go = TRY(os::makePipe());
        os::Pipe said = TRY(os::makePipe());
        std::uint64_t flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
        flags |= (m_sandbox.userNamespace ? CLONE_NEWUSER : 0) | (m_sandbox.network ? CLONE_NEWNET : 0);
        flags |= m_sandbox.cgroupNamespace ? CLONE_NEWCGROUP : 0;
        const os::Child child = TRY(os::cloneProcess(flags));
        if (child.pid == 0) {
            go.writeEnd.reset();
            said.readEnd.reset();
            complaints.clear();
            (void)readAll(go.readEnd.value());
            if (auto done = container(); !done)
                complain(done.error().what);
            else
                check();
            (void)os::writeAll(said.writeEnd, complaints);
            ::_exit(0);
        }
        said.writeEnd.reset();
        const auto mapped = mapIds(child.pid);
        go.writeEnd.reset();
        complaints += readAll(said.readEnd.value());
        const os::ExitStatus ended = TRY(os::reap(child.pidfd));
        if (ended.code != 0)
            complain("the container ended badly");
        if (racer > 0) {
            ::kill(racer, SIGKILL);
            ::waitpid(racer, nullptr, 0);
        }
        m_sandbox.hostAfter();
        return mapped;
    }

    Result<> mapIds(pid_t pid)
    {
        if (!m_sandbox.userNamespace)
            return {};
        const UniqueFd proc = TRY(os::open(std::format("/proc/{}", pid), O_PATH | O_DIRECTORY));
        TRY(os::writeControlFile(proc, "uid_map", idMap));
        TRY(os::writeControlFile(proc, "gid_map", idMap));
        if (m_sources.needsContainerIds())
            TRY(m_sources.mapIds(m_plan, TRY(os::open(proc, "ns/user", O_RDONLY))));
        return {};
    }

    Result<> container()
    {
        if (m_sandbox.userNamespace) {
            TRY(os::checkDone(::setresgid(0, 0, 0)));
            TRY(os::checkDone(::setresuid(0, 0, 0)));
        }
        const UniqueFd root = TRY(mount::attachRoot(std::move(m_root), m_directory + "/rootfs", m_plan.rootPropagation, m_sandbox.change));
        mount::Assembler assembler(m_plan, m_sources, root);
        TRY(assembler.mountAll());
        TRY(device::makeNodes(root, m_nodes, m_hostNodes));
        if (!m_nodes.empty())
            TRY(device::makeLinks(root));
        TRY(assembler.protect());
        return mount::changeRoot(root, m_plan.rootPropagation, m_sandbox.change);
    }

    const Sandbox& m_sandbox;
    std::string m_directory;
    mount::Plan m_plan;
    mount::Sources m_sources;
    std::vector<device::Node> m_nodes;
    std::vector<UniqueFd> m_hostNodes;
    UniqueFd m_root;
};

} // namespace

std::string Sandbox::run(const std::function<void()>& check) const
{
    char directory[] = "/tmp/rocker-mounts.XXXXXX";
    if (!::mkdtemp(directory))
        return "no temporary directory";
    std::string said = elsewhere([&] {
        if (auto done = Host(*this, directory).run(check); !done)
            complain(done.error().what);
    });
    if (::rmdir(directory) != 0)
        said += "\nsomething is left in " + std::string(directory);
    return said;
}

void complain(const std::string& text)
{
    complaints += (complaints.empty() ? "" : "\n") + text;
}

void expect(bool condition, const std::string& what)
{
    if (!condition)
        complain(what);
}

void write(const std::string& path, const std::string& text)
{
    if (const auto slash = path.rfind('/'); slash != path.npos)
        (void)os::makeDirectories(path.substr(0, slash), 0755);
    const auto fd = os::open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (!fd || !os::writeAll(*fd, text))
        complain("cannot write " + path);
}

std::string read(const std::string& path)
{
    auto text = os::readFile(path);
    return text ? *std::move(text) : "error: " + text.error().what;
}

int errorOf(int outcome)
{
    return outcome < 0 ? errno : 0;
}

bool MountLine::has(const std::string& option) const
{
    return ("," + options + ",").contains("," + option + ",");
}

std::map<std::string, MountLine> mountLines()
{
    std::map<std::string, MountLine> lines;
    std::istringstream all(read("/proc/self/mountinfo"));
    for (std::string line; std::getline(all, line);) {
        std::istringstream fields(line);
        std::string word, target;
        MountLine found;
        fields >> word >> word >> word >> word >> target >> found.options;
        while (fields >> word && word != "-")
            found.propagation += (found.propagation.empty() ? "" : " ") + word.substr(0, word.find(':'));
        fields >> found.type >> word >> found.superOptions;
        lines[target] = found;
    }
    return lines;
}

std::string bindEntry(const std::string& source, const std::string& target, const std::string& options)
{
    return std::format(R"({{"destination": "{}", "source": "{}", "options": [{}]}})", target, source, options);
}

} // namespace rocker::test
