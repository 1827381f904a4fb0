#pragma once

#include "echo_service.h"
#include "helper/daemon/server.h"

#include <QTemporaryDir>
#include <QTest>

#include <grp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>

namespace rocker::test {

// A blocking client that knows nothing but bytes; every wait ends after five seconds.
class RawClient
{
public:
    explicit RawClient(const std::string& path) : m_socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        if (::connect(m_socket.value(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            m_socket.reset();
    }
    bool valid() const { return m_socket.valid(); }
    // False when the other side has closed.
    bool send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const ssize_t size = ::send(m_socket.value(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (size <= 0)
                return false;
            bytes.remove_prefix(std::size_t(size));
        }
        return true;
    }
    void endInput() { ::shutdown(m_socket.value(), SHUT_WR); }
    void disconnect() { m_socket.reset(); }
    // The bytes there are, waiting for the first; empty at the end of the stream or of patience.
    std::string receive()
    {
        pollfd entry{m_socket.value(), POLLIN, 0};
        if (::poll(&entry, 1, 5000) != 1)
            return {};
        char buffer[65536];
        const ssize_t size = ::recv(m_socket.value(), buffer, sizeof buffer, 0);
        return {buffer, std::size_t(std::max<ssize_t>(size, 0))};
    }
    bool closedByServer()
    {
        pollfd entry{m_socket.value(), POLLIN, 0};
        char byte;
        return ::poll(&entry, 1, 5000) == 1 && ::recv(m_socket.value(), &byte, 1, MSG_PEEK) <= 0;
    }
    // Waits for the server to close, without reading anything.
    bool hungUp()
    {
        pollfd entry{m_socket.value(), 0, 0};
        return ::poll(&entry, 1, 5000) == 1 && (entry.revents & POLLHUP);
    }
    // The next message as JSON text without its NUL, empty when none comes.
    std::string message()
    {
        for (;;) {
            if (auto next = m_buffer.next())
                return *next;
            const std::string bytes = receive();
            if (bytes.empty())
                return {};
            m_buffer.append(bytes);
        }
    }
    protocol::Answer answer() { return protocol::decodeAnswer(message()).value_or(protocol::Answer{.error = "none"}); }
    std::string rest() { return m_buffer.takeRest(); }

    template<protocol::Method M>
    void call(const typename M::Parameters& parameters)
    {
        send(protocol::encode(protocol::callOf<Echo, M>(parameters)));
    }

private:
    UniqueFd m_socket;
    protocol::MessageBuffer m_buffer{protocol::replyLimit};
};

// A server with the echo service, in a thread of its own.
class ServerFixture
{
public:
    explicit ServerFixture(ServerLimits limits = {}, std::string group = ownGroup())
        : m_path(m_folder.filePath("socket").toStdString()), m_stop(::eventfd(0, EFD_CLOEXEC))
    {
        m_thread = std::thread([this, limits, group] { serve(limits, group); });
        while (!m_ready.load())
            m_ready.wait(false);
    }
    ~ServerFixture()
    {
        ::eventfd_write(m_stop.value(), 1);
        m_thread.join();
    }
    const std::string& path() const { return m_path; }
    RawClient connect() const { return RawClient(m_path); }

    static std::string ownGroup()
    {
        const group* found = ::getgrgid(::getgid());
        return found ? found->gr_name : "root";
    }

private:
    void serve(const ServerLimits& limits, const std::string& group)
    {
        EventLoop loop = EventLoop::create().value();
        EchoService service;
        const Authority authority(group);
        Dispatcher dispatcher(authority);
        dispatcher.bind<Echo>(service);
        Server server(loop, dispatcher, limits);
        const auto listening = server.listen(m_path);
        const auto stop = loop.onReady(m_stop, EPOLLIN, [&](std::uint32_t) { loop.quit(); });
        m_ready = true;
        m_ready.notify_all();
        if (listening)
            (void)loop.run();
    }

    QTemporaryDir m_folder;
    std::string m_path;
    UniqueFd m_stop;
    std::atomic<bool> m_ready = false;
    std::thread m_thread;
};

// What an Echo answered: its text, or the name of its error.
inline std::string textOf(const protocol::Answer& answer)
{
    return answer.error.empty() && answer.parameters.contains("text") ? answer.parameters["text"].get<std::string>()
                                                                      : answer.error;
}

inline std::string say(const std::string& text)
{
    return protocol::encode(protocol::callOf<Echo, Say>({text}));
}

} // namespace rocker::test
