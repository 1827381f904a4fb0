#include "engine/runtime/notify.h"

#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/socket.h"
#include "engine/os/syscall.h"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace rocker::runtime {

static constexpr const char* directoryName = "notify";

NotifyPlace runcNotifyPlace()
{
    return {"/run/notify", "notify.sock"};
}

NotifyPlace crunNotifyPlace(const std::string& manager)
{
    return manager.starts_with('/') ? NotifyPlace{manager, "notify"} : runcNotifyPlace();
}

Result<> offerNotifySocket(spec::Spec& spec, const StateDirectory& state, const std::string& path, const NotifyPlace& place)
{
    TRY(os::makeDirectory(state.descriptor(), directoryName, 0755), "make the notify directory");
    spec.mounts.push_back({.destination = place.directory,
                           .type = "bind",
                           .source = std::format("{}/{}", path, directoryName),
                           .options = {"bind", "nosuid", "noexec", "nodev", "ro"}});
    spec.process->env.push_back(std::format("NOTIFY_SOCKET={}/{}", place.directory, place.name));
    return {};
}

Result<std::optional<NotifyProxy>> NotifyProxy::open(const StateDirectory& state, std::string manager, const NotifyPlace& place)
{
    if (manager.empty() || !os::exists(state.descriptor(), directoryName))
        return std::optional<NotifyProxy>();
    const UniqueFd directory = TRY(os::open(state.descriptor(), directoryName, O_PATH | O_DIRECTORY | O_NOFOLLOW), "open the notify directory");
    sockaddr_un address{.sun_family = AF_UNIX};
    const std::string path = std::format("/proc/self/fd/{}/{}", directory.value(), place.name);
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    UniqueFd socket(TRY(os::check(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)), "make the notify socket"));
    TRY(os::checkDone(::bind(socket.value(), reinterpret_cast<const sockaddr*>(&address), sizeof address)), "bind the notify socket");
    TRY(os::changeMode(directory, place.name, 0777), "open the notify socket to the container");
    return std::optional(NotifyProxy(std::move(socket), std::move(manager)));
}

// sd_notify(3): a path, or "@name" in the abstract namespace.
static Result<UniqueFd> connectToManager(const std::string& manager)
{
    sockaddr_un address{.sun_family = AF_UNIX};
    if (manager.size() >= sizeof address.sun_path)
        return fail(ErrorCode::InvalidArgument, "NOTIFY_SOCKET is too long");
    manager.copy(address.sun_path, manager.size());
    if (manager[0] == '@')
        address.sun_path[0] = '\0';
    UniqueFd socket(TRY(os::check(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)), "make a socket"));
    const auto length = socklen_t(offsetof(sockaddr_un, sun_path) + manager.size());
    TRY(os::checkDone(::connect(socket.value(), reinterpret_cast<const sockaddr*>(&address), length)), "connect to '{}'", manager);
    return socket;
}

// Until the manager has dealt with all that was sent before (sd_notify_barrier(3)): it asks who the sender is, who must
// not be gone by then. A manager that does not know the message closes nothing, and is not waited for for ever.
static Result<> barrier(BorrowedFd manager)
{
    os::Pipe pipe = TRY(os::makePipe());
    TRY(os::sendMessage(manager, "BARRIER=1", {pipe.writeEnd}));
    pipe.writeEnd.reset();
    constexpr int patience = 30'000;
    pollfd closed{.fd = pipe.readEnd.value(), .events = POLLIN};
    (void)::poll(&closed, 1, patience);
    return {};
}

Result<bool> NotifyProxy::forward(pid_t mainProcess)
{
    char buffer[4096];
    for (;;) {
        const ssize_t count = ::recv(m_socket.value(), buffer, sizeof buffer, 0);
        if (count < 0)
            return errno == EAGAIN || errno == EINTR ? Result<bool>(false) : fail(Error::fromErrno(errno).in("read the notify socket"));
        for (std::string_view rest(buffer, std::size_t(count)); !rest.empty();) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            if (line != "READY=1")
                continue;
            const UniqueFd manager = TRY(connectToManager(m_manager), "notify the service manager");
            TRY(os::sendMessage(manager, "READY=1\n"), "notify the service manager");
            TRY(os::sendMessage(manager, std::format("MAINPID={}\n", mainProcess)), "notify the service manager");
            TRY(barrier(manager), "notify the service manager");
            return true;
        }
    }
}

Result<> NotifyProxy::forwardUntilReady(BorrowedFd process, pid_t mainProcess)
{
    for (;;) {
        pollfd waits[]{{.fd = m_socket.value(), .events = POLLIN}, {.fd = process.value(), .events = POLLIN}};
        if (::poll(waits, std::size(waits), -1) < 0 && errno != EINTR)
            return fail(Error::fromErrno(errno).in("wait for the container"));
        if (TRY(forward(mainProcess)) || waits[1].revents)
            return {};
    }
}

} // namespace rocker::runtime
