#include "engine/container/init.h"

#include "engine/container/process.h"
#include "engine/mount/plan.h"
#include "engine/os/file.h"
#include "engine/os/mount.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"
#include "engine/rootfs/rootfs.h"

#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rocker::container {

namespace {

// The steps of a container's set-up, in their order; each uses what the ones before it have made.
class Init
{
public:
    Init(const InitSpec& spec, cgroup::Entrance entrance, StandardStreams streams, ChildEnd& channel)
        : m_spec(spec), m_entrance(std::move(entrance)), m_streams(std::move(streams)), m_channel(channel)
    {
    }

    Error run()
    {
        using Step = Result<> (Init::*)();
        constexpr std::pair<const char*, Step> steps[]{
            {"enter the cgroup", &Init::enterCgroup},
            {"receive the go-ahead", &Init::receiveGo},
            {"become the container's root", &Init::becomeRoot},
            {"make the namespaces its own", &Init::isolate},
            {"mount the root file system", &Init::mountRoot},
            {"mount the standard file systems", &Init::mountStandard},
            {"mount the binds", &Init::mountBinds},
            {"open the terminal", &Init::openConsole},
            {"protect kernel files", &Init::protectKernelFiles},
            {"change the root", &Init::changeRoot},
            {"bring up the loopback interface", &Init::bringUpLoopback},
            {"take the standard streams", &Init::takeStandardStreams},
        };
        for (const auto& [name, step] : steps)
            if (auto done = (this->*step)(); !done)
                return std::move(done).error().in(name);
        if (auto ready = m_channel.sendReady(m_terminal.master); !ready)
            return std::move(ready).error().in("report readiness");
        m_terminal = {};
        if (auto go = m_channel.awaitGo(); !go)
            return std::move(go).error();
        return becomeCommand(m_spec.process);
    }

private:
    Result<> enterCgroup() { return m_entrance.enter(); }

    Result<> receiveGo()
    {
        std::vector<UniqueFd> fds = TRY(m_channel.awaitGo());
        if (fds.size() != 2 + m_spec.binds.size())
            return fail(ErrorCode::Internal, "{} descriptors instead of {}", fds.size(), 2 + m_spec.binds.size());
        m_root = std::move(fds[0]);
        m_devices = std::move(fds[1]);
        for (std::size_t i = 2; i < fds.size(); ++i)
            m_binds.push_back(std::move(fds[i]));
        return {};
    }

    Result<> becomeRoot()
    {
        TRY(os::checkDone(::setgroups(0, nullptr)));
        TRY(os::checkDone(::setresgid(0, 0, 0)));
        return os::checkDone(::setresuid(0, 0, 0));
    }

    Result<> isolate()
    {
        TRY(os::check(::setsid()), "begin a session");
        TRY(os::unshare(CLONE_NEWCGROUP), "make a cgroup namespace");
        ::umask(0022);
        return os::checkDone(::sethostname(m_spec.hostname.data(), m_spec.hostname.size()));
    }

    // Attached over "/", which every process can reach, and which pivot_root(2) then leaves behind.
    Result<> mountRoot()
    {
        TRY(os::mountLegacy("none", "/", "", MS_REC | MS_PRIVATE, ""), "make the mounts private");
        return os::attach(m_root, os::currentDirectory, "/");
    }

    Result<> attachAt(BorrowedFd mount, const std::string& target)
    {
        const UniqueFd place = TRY(Rootfs(m_root).makeDirectory(target));
        TRY(os::attach(mount, place, ""), "attach to '{}'", target);
        return {};
    }

    Result<> mountStandard()
    {
        TRY(attachAt(m_devices, "/dev"));
        for (const mount::Step& plan : mount::standardFilesystems()) {
            auto made = os::makeMount(plan.type, plan.source, plan.options, plan.set);
            if (!made && plan.optional && made.error().errnum == ENODEV)
                continue;
            const UniqueFd mount = TRY(std::move(made), "mount {} on '{}'", plan.type, plan.target);
            TRY(attachAt(mount, plan.target));
        }
        return {};
    }

    Result<> mountBinds()
    {
        const Rootfs root(m_root);
        for (std::size_t i = 0; i < m_binds.size(); ++i) {
            const auto& [target, directory] = m_spec.binds[i];
            const UniqueFd place = TRY(directory ? root.makeDirectory(target) : root.makeFile(target), "the bind's target '{}'", target);
            TRY(os::attach(m_binds[i], place, ""), "attach the bind to '{}'", target);
        }
        return {};
    }

    Result<> openConsole()
    {
        if (!m_spec.process.tty)
            return {};
        const Rootfs root(m_root);
        const UniqueFd pts = TRY(root.openForReading("/dev/pts"));
        m_terminal = TRY(openTerminal(pts, m_spec.process.size));
        const UniqueFd place = TRY(root.makeFile("/dev/console"));
        const UniqueFd console = TRY(os::cloneTree(m_terminal.slave, "", os::Subtree::One), "clone the terminal's mount");
        return os::attach(console, place, "");
    }

    Result<> protectKernelFiles()
    {
        const Rootfs root(m_root);
        for (const std::string& path : mount::maskedPaths())
            TRY(mask(root, path), "mask '{}'", path);
        for (const std::string& path : mount::readOnlyPaths()) {
            auto found = root.open(path);
            if (!found && found.error().errnum == ENOENT)
                continue;
            const UniqueFd place = TRY(std::move(found), "open '{}'", path);
            const UniqueFd copy = TRY(os::cloneTree(place, "", os::Subtree::Recursive), "clone the mount at '{}'", path);
            TRY(os::setAttributes(copy, MOUNT_ATTR_RDONLY, 0, os::Subtree::Recursive), "make '{}' read-only", path);
            TRY(os::attach(copy, place, ""), "attach to '{}'", path);
        }
        return {};
    }

    Result<> mask(const Rootfs& root, const std::string& path)
    {
        auto found = root.open(path);
        if (!found && found.error().errnum == ENOENT)
            return {};
        const UniqueFd place = TRY(std::move(found));
        const struct stat status = TRY(os::status(place));
        UniqueFd cover;
        if (S_ISDIR(status.st_mode))
            cover = TRY(os::makeMount("tmpfs", "tmpfs", {{"mode", "0755"}, {"size", "4k"}},
                                      MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC));
        else
            cover = TRY(os::cloneTree(m_devices, "null", os::Subtree::One));
        return os::attach(cover, place, "");
    }

    Result<> changeRoot()
    {
        TRY(os::checkDone(::fchdir(m_root.value())));
        // pivot_root(2): with "." twice, the old root ends up on top of the new one and is detached from there.
        TRY(os::pivotRoot(".", "."));
        TRY(os::unmount(".", MNT_DETACH), "detach the old root");
        return os::checkDone(::chdir("/"));
    }

    Result<> bringUpLoopback()
    {
        const UniqueFd socket(TRY(os::check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0))));
        ifreq request{};
        request.ifr_name[0] = 'l';
        request.ifr_name[1] = 'o';
        request.ifr_flags = IFF_UP;
        return os::checkDone(::ioctl(socket.value(), SIOCSIFFLAGS, &request));
    }

    Result<> takeStandardStreams()
    {
        if (!m_spec.process.tty && !m_streams.input.valid())
            m_streams.input = TRY(os::open("/dev/null", O_RDONLY), "open /dev/null");
        return takeStreams(m_spec.process, m_terminal, m_streams);
    }

    const InitSpec& m_spec;
    cgroup::Entrance m_entrance;
    StandardStreams m_streams;
    ChildEnd& m_channel;
    UniqueFd m_root;
    UniqueFd m_devices;
    std::vector<UniqueFd> m_binds;
    Terminal m_terminal;
};

} // namespace

void runInit(const InitSpec& spec, cgroup::Entrance entrance, StandardStreams streams, ChildEnd channel)
{
    channel.sendError(Init(spec, std::move(entrance), std::move(streams), channel).run());
    ::_exit(127);
}

} // namespace rocker::container
