#include "engine/seccomp/listener.h"

#include "engine/json/json.h"
#include "engine/os/file.h"
#include "engine/os/socket.h"
#include "engine/os/syscall.h"

#include <cstring>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

namespace rocker::seccomp {

namespace {

enum class Answer : char { Taken = 't', SendIt = 's' };

template<typename F>
ssize_t retry(F call)
{
    ssize_t count;
    do
        count = call();
    while (count < 0 && errno == EINTR);
    return count;
}

Result<> receiveExactly(BorrowedFd channel, void* to, std::size_t size)
{
    const ssize_t count = retry([&] { return ::read(channel.value(), to, size); });
    TRY(os::checkDone(count));
    if (count != ssize_t(size))
        return fail(ErrorCode::Unavailable, "the other side went away");
    return {};
}

// Bytes with a descriptor; how many of them went. Unlike os::sendMessage() it allocates nothing.
Result<std::size_t> sendWithDescriptor(BorrowedFd socket, std::string_view bytes, BorrowedFd descriptor)
{
    iovec data{const_cast<char*>(bytes.data()), bytes.size()};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{.msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    const int number = descriptor.value();
    std::memcpy(CMSG_DATA(header), &number, sizeof number);
    return std::size_t(TRY(os::check(retry([&] { return ::sendmsg(socket.value(), &message, MSG_NOSIGNAL); }))));
}

Result<> awaitInput(BorrowedFd channel, std::chrono::milliseconds patience)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        pollfd waited{channel.value(), POLLIN, 0};
        const int ready = left.count() > 0 ? ::poll(&waited, 1, int(left.count())) : 0;
        if (ready > 0)
            return {};
        if (ready == 0)
            return fail(ErrorCode::Unavailable, "the process did not hand over its seccomp listener in time");
        if (errno != EINTR)
            return fail(Error::fromErrno(errno));
    }
}

// sun_path of unix(7); a name in the abstract namespace has neither a file nor an end.
Result<UniqueFd> connectAbstract(std::string_view name)
{
    sockaddr_un address{.sun_family = AF_UNIX};
    if (name.size() + 1 > sizeof address.sun_path)
        return fail(Error::fromErrno(ENAMETOOLONG));
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    UniqueFd socket(TRY(os::check(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))));
    const socklen_t size = socklen_t(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    TRY(os::checkDone(::connect(socket.value(), reinterpret_cast<const sockaddr*>(&address), size)));
    return socket;
}

Result<UniqueFd> connectPath(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos)
        return os::connectTo(os::currentDirectory, path, SOCK_STREAM);
    const UniqueFd directory = TRY(os::open(path.substr(0, slash + 1), O_PATH | O_DIRECTORY));
    return os::connectTo(directory, path.substr(slash + 1), SOCK_STREAM);
}

} // namespace

Result<UniqueFd> connectListener(const std::string& path)
{
    auto connected = path.starts_with('@') ? connectAbstract(std::string_view(path).substr(1)) : connectPath(path);
    if (!connected)
        return fail(
            std::move(connected)
                .error()
                .in(std::format("linux.seccomp.listenerPath: failed to connect with seccomp agent at '{}'", path))
                .as(ErrorCode::Unavailable));
    return connected;
}

Result<> offerListener(BorrowedFd channel, UniqueFd listener)
{
    const int number = listener.value();
    // write(2), not send(2): one call that no rule may have notify, the same that runc refuses.
    const ssize_t count = retry([&] { return ::write(channel.value(), &number, sizeof number); });
    TRY(os::checkDone(count), "announce the seccomp listener");
    char answer = 0;
    TRY(receiveExactly(channel, &answer, sizeof answer), "hand over the seccomp listener");
    if (answer == char(Answer::SendIt))
        TRY(sendWithDescriptor(channel, std::string_view(&answer, 1), listener), "send the seccomp listener");
    return {};
}

Result<UniqueFd> takeListener(BorrowedFd channel, BorrowedFd process, std::chrono::milliseconds patience)
{
    int number = -1;
    TRY(awaitInput(channel, patience));
    TRY(receiveExactly(channel, &number, sizeof number), "learn the seccomp listener's number");
    UniqueFd listener(int(::syscall(SYS_pidfd_getfd, process.value(), number, 0)));
    const Answer answer = listener.valid() ? Answer::Taken : Answer::SendIt;
    TRY(os::checkDone(retry([&] { return ::send(channel.value(), &answer, sizeof answer, MSG_NOSIGNAL); })),
        "acknowledge the seccomp listener");
    if (listener.valid())
        return listener;
    TRY(awaitInput(channel, patience));
    os::Message message = TRY(os::receiveMessage(channel, 1, 1), "receive the seccomp listener");
    if (message.fds.size() != 1)
        return fail(ErrorCode::Unavailable, "the process sent no seccomp listener");
    return std::move(message.fds[0]);
}

std::string containerProcessState(
    std::string_view ociVersion, pid_t pid, std::string_view metadata, std::string_view state)
{
    const auto quoted = [](std::string_view text) { return json::dump(json::Value(std::string(text))); };
    const std::string opaque = metadata.empty() ? std::string() : std::format(R"("metadata":{},)", quoted(metadata));
    return std::format(
        R"({{"ociVersion":{},"fds":["seccompFd"],"pid":{},{}"state":{}}})", quoted(ociVersion), pid, opaque, state);
}

Result<> sendListener(UniqueFd connection, BorrowedFd listener, std::string_view state)
{
    if (state.empty())
        return fail(ErrorCode::Internal, "there is no container process state to send");
    // In one call as long as the socket takes it: agents exist that read but once.
    state.remove_prefix(TRY(sendWithDescriptor(connection, state, listener), "send the seccomp listener to its agent"));
    while (!state.empty()) {
        const ssize_t count
            = retry([&] { return ::send(connection.value(), state.data(), state.size(), MSG_NOSIGNAL); });
        state.remove_prefix(
            std::size_t(TRY(os::check(count), "send the container process state to the seccomp agent")));
    }
    return {};
}

} // namespace rocker::seccomp
