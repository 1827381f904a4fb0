#include "gui/client/connection.h"

#include "gui/client/socket_error.h"

#include <QPointer>

#include <algorithm>
#include <array>
#include <utility>

namespace rocker::gui {

namespace {

QDeadlineTimer deadlineIn(std::chrono::milliseconds span)
{
    return span.count() > 0 ? QDeadlineTimer(span) : QDeadlineTimer(QDeadlineTimer::Forever);
}

} // namespace

Connection::Connection(const QString& socketPath, QObject* parent) : QObject(parent), m_path(socketPath)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Connection::expire);
    connect(&m_socket, &QLocalSocket::connected, this, [this] {
        m_socket.write(std::exchange(m_outgoing, {}));
        Q_EMIT opened();
    });
    connect(&m_socket, &QLocalSocket::readyRead, this, &Connection::readAnswers);
    connect(&m_socket, &QLocalSocket::errorOccurred, this, [this](QLocalSocket::LocalSocketError error) {
        close(socketError(error, m_path, m_socket.errorString()));
    });
    connect(&m_socket, &QLocalSocket::disconnected, this, [this] {
        close(Error{ErrorCode::Unavailable, 0, "the helper closed the connection"});
    });
}

Connection::~Connection()
{
    disconnect(&m_socket, nullptr, this, nullptr);
    m_closed = true;
    for (Pending& call : std::exchange(m_pending, {}))
        if (call.handler)
            call.handler(fail(ErrorCode::Cancelled, "{}: given up", call.method));
}

void Connection::open()
{
    if (m_socket.state() == QLocalSocket::UnconnectedState)
        m_socket.connectToServer(m_path);
}

void Connection::call(const protocol::Call& call, Deadlines deadlines, Handler handler)
{
    if (m_closed) {
        handler(fail(ErrorCode::Unavailable, "the connection to the helper is closed"));
        return;
    }
    const std::string message = protocol::encode(call);
    const QByteArray bytes(message.data(), qsizetype(message.size()));
    m_pending.push_back({call.method, deadlines, deadlineIn(deadlines.first), std::move(handler)});
    armTimer();
    if (m_socket.state() == QLocalSocket::ConnectedState) {
        m_socket.write(bytes);
        return;
    }
    m_outgoing += bytes;
    open();
}

void Connection::readAnswers()
{
    const QPointer<Connection> alive(this);
    std::array<char, 64 * 1024> chunk;
    for (qint64 size = 0; (size = m_socket.read(chunk.data(), chunk.size())) > 0;) {
        m_incoming.append({chunk.data(), std::size_t(size)});
        while (const auto message = m_incoming.next()) {
            dispatch(*message);
            if (!alive || m_closed)
                return;
        }
        if (m_incoming.broken()) {
            close(Error{ErrorCode::Corrupt, 0, "the helper sent a message that is too long"});
            return;
        }
    }
}

void Connection::dispatch(const std::string& message)
{
    auto answer = protocol::decodeAnswer(message);
    if (!answer) {
        close(Error{ErrorCode::Corrupt, 0, "the helper sent something that is no Varlink: " + answer.error().what});
        return;
    }
    if (m_pending.empty()) {
        close(Error{ErrorCode::Corrupt, 0, "the helper answered a question that was not asked"});
        return;
    }
    Pending& front = m_pending.front();
    if (answer->continues) {
        front.deadline = deadlineIn(front.deadlines.next);
        armTimer();
        if (const Handler handler = front.handler)
            handler(std::move(answer));
        return;
    }
    const Pending done = std::move(front);
    m_pending.pop_front();
    armTimer();
    const QPointer<Connection> alive(this);
    if (done.handler)
        done.handler(std::move(answer));
    if (alive && m_pending.empty())
        Q_EMIT idle();
}

// A call past its deadline is given up, but keeps its place: the answer to it may still come, before those of later calls.
void Connection::expire()
{
    std::vector<std::pair<std::string, Handler>> late;
    for (Pending& call : m_pending)
        if (call.handler && call.deadline.hasExpired())
            late.emplace_back(call.method, std::exchange(call.handler, {}));
    armTimer();
    for (const auto& [method, handler] : late)
        handler(fail(ErrorCode::Unavailable, "the helper did not answer {} in time", method));
}

void Connection::armTimer()
{
    std::optional<qint64> nearest;
    for (const Pending& call : m_pending)
        if (call.handler && !call.deadline.isForever())
            nearest = std::min(nearest.value_or(call.deadline.remainingTime()), call.deadline.remainingTime());
    nearest ? m_timer.start(std::chrono::milliseconds(*nearest + 1)) : m_timer.stop();
}

void Connection::close(const Error& reason)
{
    if (std::exchange(m_closed, true))
        return;
    m_timer.stop();
    m_socket.abort();
    const QPointer<Connection> alive(this);
    for (Pending& call : std::exchange(m_pending, {}))
        if (call.handler)
            call.handler(fail(reason));
    if (alive)
        Q_EMIT closed(reason);
}

} // namespace rocker::gui
