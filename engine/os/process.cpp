#include "engine/os/process.h"

#include "engine/os/syscall.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rocker::os {

Result<Child> cloneProcess(std::uint64_t flags, BorrowedFd cgroup)
{
    int pidfd = -1;
    clone_args arguments{};
    arguments.flags = flags | CLONE_PIDFD;
    arguments.pidfd = reinterpret_cast<std::uintptr_t>(&pidfd);
    // clone(2): with CLONE_PARENT the exit signal is the caller's own, and must not be named.
    arguments.exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD;
    if (cgroup.value() >= 0) {
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = std::uint64_t(cgroup.value());
    }
    const long pid = TRY(check(::syscall(SYS_clone3, &arguments, sizeof arguments)));
    return Child{pid_t(pid), pid == 0 ? UniqueFd() : UniqueFd(pidfd)};
}

Result<UniqueFd> openPidfd(pid_t pid)
{
    return UniqueFd(int(TRY(check(::syscall(SYS_pidfd_open, pid, 0)))));
}

Result<> sendSignal(BorrowedFd pidfd, int signal)
{
    return checkDone(::syscall(SYS_pidfd_send_signal, pidfd.value(), signal, nullptr, 0));
}

Result<ExitStatus> reap(BorrowedFd pidfd)
{
    siginfo_t info{};
    int outcome;
    do
        outcome = ::waitid(P_PIDFD, id_t(pidfd.value()), &info, WEXITED);
    while (outcome < 0 && errno == EINTR);
    TRY(checkDone(outcome));
    if (info.si_code == CLD_EXITED)
        return ExitStatus{info.si_status, 0};
    return ExitStatus{128 + info.si_status, info.si_status};
}

Result<> enterNamespaces(BorrowedFd pidfdOrNamespace, int flags)
{
    return checkDone(::setns(pidfdOrNamespace.value(), flags));
}

Result<> unshare(int flags)
{
    return checkDone(::unshare(flags));
}

void closeAllExcept(std::initializer_list<int> kept)
{
    closeAllExcept(std::vector<int>(kept));
}

void closeAllExcept(std::vector<int> kept)
{
    std::ranges::sort(kept);
    unsigned next = 3;
    for (const int fd : kept) {
        if (fd < int(next))
            continue;
        if (unsigned(fd) > next)
            ::close_range(next, unsigned(fd) - 1, 0);
        next = unsigned(fd) + 1;
    }
    ::close_range(next, ~0U, 0);
}

void resetSignals()
{
    for (int signal = 1; signal < NSIG; ++signal)
        if (signal != SIGKILL && signal != SIGSTOP)
            ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

Result<Pipe> makePipe()
{
    int ends[2];
    TRY(checkDone(::pipe2(ends, O_CLOEXEC)));
    return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::vector<char*> pointersOf(std::vector<std::string>& strings)
{
    std::vector<char*> pointers;
    pointers.reserve(strings.size() + 1);
    for (std::string& string : strings)
        pointers.push_back(string.data());
    pointers.push_back(nullptr);
    return pointers;
}

} // namespace rocker::os
