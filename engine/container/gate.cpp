#include "engine/container/init.h"

#include "engine/os/process.h"
#include "engine/os/syscall.h"

#include <csignal>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rocker::container {

namespace {

// The first process of a pid namespace does not hear what it leaves at its default (pid_namespaces(7)); while it waits,
// these are to end it as they would end any other.
constexpr int endingSignals[]{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};

void end(int signal)
{
    ::_exit(128 + signal);
}

Result<UniqueFd> awaitStart(BorrowedFd listener)
{
    for (const int signal : endingSignals)
        ::signal(signal, end);
    int connection;
    pollfd knock{.fd = listener.value(), .events = POLLIN};
    do {
        (void)::poll(&knock, 1, -1); // the listener itself does not block
        connection = ::accept4(listener.value(), nullptr, nullptr, SOCK_CLOEXEC);
    } while (connection < 0 && (errno == EINTR || errno == ECONNABORTED || errno == EAGAIN));
    for (const int signal : endingSignals)
        ::signal(signal, SIG_DFL);
    return UniqueFd(TRY(os::check(connection), "wait for the start"));
}

} // namespace

Error passGate(Command& command, Gate gate, ChildEnd& channel, const std::function<Result<>()>& beforeCommand)
{
    const auto pass = [&]() -> Result<> {
        if (gate.listener.valid()) {
            channel.close();
            channel = ChildEnd(TRY(awaitStart(gate.listener)));
            gate.listener.reset();
        } else {
            TRY(channel.awaitGo());
        }
        TRY(beforeCommand());
        TRY(command.renounce());
        std::string warnings;
        for (const std::string& warning : command.takeWarnings())
            warnings += warning + "\n";
        return warnings.empty() ? Result<>{} : channel.send(Progress::Warned, BorrowedFd(-1), warnings);
    };
    if (auto passed = pass(); !passed)
        return std::move(passed).error();
    return command.execute({channel.socket().value()});
}

} // namespace rocker::container
