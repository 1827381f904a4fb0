#pragma once

#include "helper/daemon/connection.h"

#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace rocker {

struct ServerLimits {
    std::size_t connections = 1024;
    std::size_t perUser = 64;
    std::size_t forRoot = 512;
    ConnectionLimits connection;
};

// The listening socket and its clients. It is open to everyone: a user beyond the limit loses the oldest connection
// that has not spoken yet, and where all have, the new one.
class Server
{
public:
    Server(EventLoop& loop, const Dispatcher& dispatcher, ServerLimits limits = {});
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    // Makes the socket with mode 0666; one that a dead helper left is replaced, a living one's is not.
    Result<> listen(const std::string& path);
    // Takes a listening socket, as from socket activation (sd_listen_fds(3)).
    Result<> adopt(UniqueFd listener);

    std::size_t connectionCount() const { return m_connections.size(); }

private:
    using Connections = std::list<std::shared_ptr<Connection>>;

    void acceptAll();
    void pauseAccepting();
    void add(UniqueFd socket);
    bool makeRoomFor(const Caller& caller);
    bool evictSilent(const Caller* onlyOf);
    void ended(Connection& connection);

    EventLoop& m_loop;
    ServerLimits m_limits;
    Connection::Surroundings m_surroundings;
    UniqueFd m_listener;
    std::string m_path; // to be removed at the end
    EventLoop::Source m_acceptable;
    EventLoop::Source m_acceptAgain;
    Connections m_connections; // oldest first
    std::map<uid_t, std::size_t> m_perUser;
};

} // namespace rocker
