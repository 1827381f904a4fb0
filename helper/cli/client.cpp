#include "helper/cli/client.h"

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

namespace rocker::cli {

namespace {

std::string whatToDo(int errnum, const std::string& path)
{
    if (errnum == ENOENT || errnum == ECONNREFUSED)
        return std::format("no helper serves '{}': start it with 'systemctl start rocker-helper', or name its socket "
                           "with --socket or ROCKER_SOCKET",
                           path);
    return std::format("cannot reach the helper at '{}': {}", path, Error::fromErrno(errnum).what);
}

} // namespace

Result<Client> Client::connect(const std::string& socketPath)
{
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    if (socketPath.empty() || socketPath.size() >= sizeof address.sun_path)
        return fail(ErrorCode::InvalidArgument, "'{}' cannot be a socket's path", socketPath);
    socketPath.copy(address.sun_path, sizeof address.sun_path - 1);
    UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket.valid())
        return fail(Error::fromErrno(errno));
    if (::connect(socket.value(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return fail(Error{ErrorCode::Unavailable, errno, whatToDo(errno, socketPath)});
    return Client(std::move(socket));
}

void Client::setPatience(std::chrono::seconds patience)
{
    const timeval time{patience.count(), 0};
    ::setsockopt(m_socket.value(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
}

Result<> Client::send(const protocol::Call& call)
{
    const std::string text = protocol::encode(call);
    if (text.size() > protocol::requestLimit)
        return fail(ErrorCode::InvalidArgument, "the request is too long: {} bytes of at most {}", text.size(),
                    protocol::requestLimit);
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t size = ::send(m_socket.value(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (size < 0 && errno != EINTR)
            return fail(Error::fromErrno(errno).in("the helper has closed the connection"));
        if (size > 0)
            rest.remove_prefix(std::size_t(size));
    }
    return {};
}

Result<protocol::Answer> Client::receive()
{
    std::array<char, 64 << 10> chunk;
    for (;;) {
        if (const auto message = m_input.next())
            return TRY(protocol::decodeAnswer(*message), "the helper's answer");
        if (m_input.broken())
            return fail(ErrorCode::Corrupt, "the helper's answer is too long");
        const ssize_t size = ::recv(m_socket.value(), chunk.data(), chunk.size(), 0);
        if (size < 0 && errno != EINTR)
            return fail(Error::fromErrno(errno).in("read the helper's answer"));
        if (size == 0)
            return fail(ErrorCode::Unavailable, "the helper has closed the connection");
        if (size > 0)
            m_input.append({chunk.data(), std::size_t(size)});
    }
}

} // namespace rocker::cli
