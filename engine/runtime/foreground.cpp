#include "engine/runtime/foreground.h"

#include "engine/os/process.h"
#include "engine/os/syscall.h"
#include "engine/runtime/terminal_relay.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rocker::runtime {

Result<Foreground> Foreground::begin(Orphans orphans)
{
    if (orphans == Orphans::Reap)
        TRY(os::checkDone(::prctl(PR_SET_CHILD_SUBREAPER, 1)), "become a subreaper");
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS})
        ::sigdelset(&all, fault);
    TRY(os::checkDone(::sigprocmask(SIG_SETMASK, &all, &before)), "block signals");
    // Far from the descriptors that a container may be given.
    const UniqueFd low(TRY(os::check(::signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK)), "make a signalfd"));
    return Foreground(UniqueFd(TRY(os::check(::fcntl(low.value(), F_DUPFD_CLOEXEC, 100)), "move a signalfd")), before);
}

Foreground::Foreground(Foreground&& other) noexcept : m_signals(std::move(other.m_signals)), m_before(other.m_before) {}

Foreground::~Foreground()
{
    if (m_signals.valid())
        (void)::sigprocmask(SIG_SETMASK, &m_before, nullptr);
}

std::optional<int> Foreground::reap(pid_t wanted) const
{
    std::optional<int> code;
    int status = 0;
    for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;)
        if (pid == wanted)
            code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return code;
}

Result<int> Foreground::wait(pid_t pid, BorrowedFd process, UniqueFd terminal, NotifyProxy* notify)
{
    std::optional<TerminalRelay> relay;
    if (terminal.valid())
        relay.emplace(std::move(terminal));
    // It may have ended before anybody waited: its SIGCHLD is pending, or was taken by who made it.
    std::optional<int> code = reap(pid);
    while (!code) {
        std::vector<pollfd> waits{{.fd = m_signals.value(), .events = POLLIN}};
        if (relay)
            relay->addTo(waits);
        if (notify)
            waits.push_back({.fd = notify->descriptor().value(), .events = POLLIN});
        if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR)
            return fail(Error::fromErrno(errno).in("wait for the container"));
        if (relay)
            relay->handle(waits);
        if (notify && waits.back().revents && TRY(notify->forward(::getpid())))
            notify = nullptr;
        signalfd_siginfo signal{};
        while (::read(m_signals.value(), &signal, sizeof signal) == ssize_t(sizeof signal)) {
            const int number = int(signal.ssi_signo);
            if (number == SIGCHLD)
                code = code ? code : reap(pid);
            else if (number == SIGWINCH && relay)
                relay->resize();
            else if (number != SIGURG)
                (void)os::sendSignal(process, number);
        }
    }
    if (relay)
        relay->drain();
    return *code;
}

} // namespace rocker::runtime
