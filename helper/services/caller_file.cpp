#include "helper/services/caller_file.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rocker {

namespace {

constexpr int patienceMilliseconds = 5000;

// From here to _exit() only system calls: the child of a fork shares its parent's locked locks.

int becomeCaller(const Caller& caller)
{
    if (::geteuid() != 0 && caller.uid == ::geteuid())
        return 0; // an unprivileged helper of one user's own
    if (::syscall(SYS_setgroups, caller.groups.size(), caller.groups.data()) != 0
        || ::syscall(SYS_setresgid, caller.gid, caller.gid, caller.gid) != 0
        || ::syscall(SYS_setresuid, caller.uid, caller.uid, caller.uid) != 0)
        return errno;
    return 0;
}

// One byte of "opened" with the descriptor, or the errno.
void sendOutcome(int socket, int errnum, int fd)
{
    iovec data{&errnum, sizeof errnum};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {};
    if (errnum == 0) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof fd);
        std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
    }
    ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

[[noreturn]] void openInChild(int socket, const Caller& caller, const char* path, int flags)
{
    // Nothing of the helper's may be reachable through /proc/self/fd.
    constexpr int kept = 3;
    if (socket != kept)
        ::syscall(SYS_dup3, socket, kept, O_CLOEXEC);
    ::syscall(SYS_close_range, kept + 1, ~0U, 0);
    ::syscall(SYS_close_range, 0, kept - 1, 0);

    // Its own end, when the parent has long given up. It must be deliverable.
    sigset_t none;
    sigemptyset(&none);
    ::signal(SIGALRM, SIG_DFL);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const itimerval end{{}, {patienceMilliseconds / 1000 + 1, 0}};
    ::setitimer(ITIMER_REAL, &end, nullptr);

    int errnum = becomeCaller(caller);
    long fd = -1;
    if (errnum == 0) {
        open_how how{};
        how.flags = std::uint64_t(flags | O_CLOEXEC);
        if (!(flags & O_PATH))
            how.flags |= O_NOCTTY | O_NONBLOCK;
        how.resolve = RESOLVE_NO_MAGICLINKS;
        fd = ::syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
        errnum = fd < 0 ? errno : 0;
    }
    sendOutcome(kept, errnum, int(fd));
    ::_exit(0);
}

Result<UniqueFd> receiveOutcome(int socket)
{
    int errnum = -1;
    iovec data{&errnum, sizeof errnum};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t received = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (received != sizeof errnum)
        return fail(ErrorCode::Unavailable, "the process that was to open it has ended");
    if (errnum != 0)
        return fail(Error::fromErrno(errnum));
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (!header || header->cmsg_type != SCM_RIGHTS)
        return fail(ErrorCode::Internal, "no descriptor was handed over");
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
    return UniqueFd(fd);
}

Result<> waitReadable(int socket)
{
    pollfd entry{socket, POLLIN, 0};
    int r = 0;
    do {
        r = ::poll(&entry, 1, patienceMilliseconds);
    } while (r < 0 && errno == EINTR);
    if (r < 0)
        return fail(Error::fromErrno(errno));
    if (r == 0)
        return fail(ErrorCode::Unavailable, "opening it takes too long");
    return {};
}

Result<UniqueFd> openInNewProcess(const Caller& caller, const std::string& path, int flags)
{
    int sockets[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0)
        return fail(Error::fromErrno(errno));
    const UniqueFd ours(sockets[0]);
    UniqueFd theirs(sockets[1]);
    // Through a process in between, so that one that hangs for good leaves no zombie to this one.
    const pid_t child = ::fork();
    if (child < 0)
        return fail(Error::fromErrno(errno));
    if (child == 0) {
        const pid_t opener = ::fork();
        if (opener == 0)
            openInChild(theirs.value(), caller, path.c_str(), flags);
        if (opener < 0)
            sendOutcome(theirs.value(), errno, -1);
        ::_exit(0);
    }
    theirs.reset();
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) { }
    TRY(waitReadable(ours.value()));
    return receiveOutcome(ours.value());
}

} // namespace

Result<UniqueFd> openAsCaller(const Caller& caller, const std::string& path, int flags)
{
    if (!path.starts_with('/') || path.find('\0') != std::string::npos)
        return fail(ErrorCode::InvalidArgument, "'{}' is not an absolute path", path);
    return TRY(openInNewProcess(caller, path, flags), "open '{}'", path);
}

} // namespace rocker
