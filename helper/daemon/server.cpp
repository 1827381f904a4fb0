#include "helper/daemon/server.h"

#include "helper/daemon/peer.h"
#include "helper/event/log.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace rocker {

using namespace std::chrono_literals;

namespace {

Result<sockaddr_un> addressOf(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return fail(ErrorCode::InvalidArgument, "'{}' is too long for a socket: at most {} bytes", path,
                    sizeof address.sun_path - 1);
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

Result<UniqueFd> newSocket()
{
    UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.valid())
        return fail(Error::fromErrno(errno).in("make a socket"));
    return socket;
}

Result<bool> somebodyListens(const sockaddr_un& address)
{
    const UniqueFd probe = TRY(newSocket());
    return ::connect(probe.value(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno == EAGAIN;
}

} // namespace

Server::Server(EventLoop& loop, const Dispatcher& dispatcher, ServerLimits limits)
    : m_loop(loop), m_limits(limits), m_surroundings{loop, dispatcher, limits.connection, [this](Connection& connection) {
                                                         ended(connection);
                                                     }}
{
}

Server::~Server()
{
    while (!m_connections.empty())
        m_connections.front()->close();
    if (!m_path.empty())
        ::unlink(m_path.c_str());
}

Result<> Server::listen(const std::string& path)
{
    const sockaddr_un address = TRY(addressOf(path));
    if (TRY(somebodyListens(address)))
        return fail(ErrorCode::AlreadyExists, "another helper serves '{}'", path);
    UniqueFd listener = TRY(newSocket());
    ::unlink(path.c_str());
    if (::bind(listener.value(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return fail(Error::fromErrno(errno).in(std::format("bind the socket '{}'", path)));
    // Every request is authorized on its own, by who sends it.
    if (::chmod(path.c_str(), 0666) != 0 || ::listen(listener.value(), SOMAXCONN) != 0)
        return fail(Error::fromErrno(errno).in(std::format("listen on '{}'", path)));
    TRY(adopt(std::move(listener)));
    m_path = path;
    return {};
}

Result<> Server::adopt(UniqueFd listener)
{
    m_listener = std::move(listener);
    m_acceptable = m_loop.onReady(m_listener, EPOLLIN, [this](std::uint32_t) { acceptAll(); });
    if (!m_acceptable.active())
        return fail(ErrorCode::InvalidArgument, "the descriptor handed over is no listening socket");
    return {};
}

void Server::acceptAll()
{
    // Not for ever: others wait in the same loop.
    for (int i = 0; i < 64; ++i) {
        UniqueFd socket(::accept4(m_listener.value(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (socket.valid())
            add(std::move(socket));
        else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
            return pauseAccepting();
        else if (errno != EINTR && errno != ECONNABORTED)
            return;
    }
}

// Out of descriptors: the waiting client stays in the queue, and asking again at once would spin.
void Server::pauseAccepting()
{
    log::warning("no connection can be accepted now: {}", ::strerror(errno));
    m_acceptable.setEvents(0);
    m_acceptAgain = m_loop.after(200ms, [this] {
        m_acceptAgain.reset();
        m_acceptable.setEvents(EPOLLIN);
    });
}

void Server::add(UniqueFd socket)
{
    auto caller = callerOf(socket);
    if (!caller)
        return log::warning("{}", caller.error().what);
    if (!makeRoomFor(*caller))
        return;
    ++m_perUser[caller->uid];
    m_connections.push_back(std::make_shared<Connection>(m_surroundings, std::move(socket), *std::move(caller)));
    m_connections.back()->start();
}

bool Server::makeRoomFor(const Caller& caller)
{
    const auto mine = m_perUser.find(caller.uid);
    const std::size_t limit = caller.isRoot() ? m_limits.forRoot : m_limits.perUser;
    if (mine != m_perUser.end() && mine->second >= limit)
        return evictSilent(&caller);
    return m_connections.size() < m_limits.connections || evictSilent(nullptr);
}

bool Server::evictSilent(const Caller* onlyOf)
{
    const auto silent = std::ranges::find_if(m_connections, [onlyOf](const auto& connection) {
        return !connection->hasSpoken() && (!onlyOf || connection->caller().uid == onlyOf->uid);
    });
    if (silent == m_connections.end())
        return false;
    const auto evicted = *silent;
    evicted->close();
    return true;
}

void Server::ended(Connection& connection)
{
    const auto mine = m_perUser.find(connection.caller().uid);
    if (--mine->second == 0)
        m_perUser.erase(mine);
    m_connections.remove_if([&](const auto& entry) { return entry.get() == &connection; });
}

} // namespace rocker
