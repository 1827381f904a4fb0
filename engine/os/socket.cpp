#include "engine/os/socket.h"

#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <cstring>
#include <sys/stat.h>
#include <sys/un.h>

namespace rocker::os {

namespace {

// sun_path holds 108 bytes; a descriptor's entry in /proc stands for a directory of any depth.
Result<sockaddr_un> addressOf(BorrowedFd directory, const std::string& name)
{
    sockaddr_un address{.sun_family = AF_UNIX};
    const std::string path = std::format("/proc/self/fd/{}/{}", directory.value(), name);
    if (path.size() >= sizeof address.sun_path)
        return fail(Error::fromErrno(ENAMETOOLONG));
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

} // namespace

Result<std::pair<UniqueFd, UniqueFd>> makeSocketPair(int type)
{
    int ends[2];
    TRY(checkDone(::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends)));
    return std::pair{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Result<UniqueFd> listenAt(BorrowedFd directory, const std::string& name, int type, mode_t mode)
{
    const sockaddr_un address = TRY(addressOf(directory, name));
    if (auto removed = remove(directory, name); !removed && removed.error().errnum != ENOENT)
        return fail(std::move(removed).error());
    UniqueFd socket(TRY(check(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))));
    TRY(checkDone(::bind(socket.value(), reinterpret_cast<const sockaddr*>(&address), sizeof address)));
    TRY(changeMode(directory, name, mode));
    TRY(checkDone(::listen(socket.value(), SOMAXCONN)));
    return socket;
}

Result<UniqueFd> connectTo(BorrowedFd directory, const std::string& name, int type)
{
    const sockaddr_un address = TRY(addressOf(directory, name));
    UniqueFd socket(TRY(check(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0))));
    TRY(checkDone(::connect(socket.value(), reinterpret_cast<const sockaddr*>(&address), sizeof address)));
    return socket;
}

Result<> sendMessage(BorrowedFd socket, std::string_view bytes, const std::vector<BorrowedFd>& fds, int flags)
{
    iovec data{const_cast<char*>(bytes.data()), bytes.size()};
    msghdr message{.msg_iov = &data, .msg_iovlen = 1};
    std::vector<char> control(CMSG_SPACE(fds.size() * sizeof(int)));
    if (!fds.empty()) {
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
        for (std::size_t i = 0; i < fds.size(); ++i) {
            const int fd = fds[i].value();
            std::memcpy(CMSG_DATA(header) + i * sizeof fd, &fd, sizeof fd);
        }
    }
    ssize_t count;
    do
        count = ::sendmsg(socket.value(), &message, flags | MSG_NOSIGNAL);
    while (count < 0 && errno == EINTR);
    return checkDone(count);
}

Result<Message> receiveMessage(BorrowedFd socket, std::size_t limit, std::size_t maximumFds, int flags)
{
    Message received;
    received.bytes.resize(limit);
    iovec data{received.bytes.data(), limit};
    std::vector<char> control(CMSG_SPACE(maximumFds * sizeof(int)));
    msghdr message{.msg_iov = &data, .msg_iovlen = 1, .msg_control = control.data(), .msg_controllen = control.size()};
    ssize_t count;
    do
        count = ::recvmsg(socket.value(), &message, flags | MSG_CMSG_CLOEXEC);
    while (count < 0 && errno == EINTR);
    TRY(checkDone(count));
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        const std::size_t fdCount = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < fdCount; ++i) {
            int fd;
            std::memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
            received.fds.emplace_back(fd);
        }
    }
    if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
        return fail(Error::fromErrno(EMSGSIZE));
    received.bytes.resize(std::size_t(count));
    return received;
}

} // namespace rocker::os
