#include "gui/client/attached_stream.h"

#include "gui/client/socket_error.h"

#include <QPointer>

#include <algorithm>
#include <array>
#include <utility>

namespace rocker::gui {

namespace {

// What is parsed before the event loop may run again: keys stay quick under a flood of output.
constexpr qint64 turnBudget = 256 * 1024;
constexpr qint64 readBuffer = 1024 * 1024;

} // namespace

AttachedStream::AttachedStream(const QString& socketPath, protocol::Call call, QObject* parent)
    : QObject(parent), m_path(socketPath), m_call(std::move(call))
{
    m_socket.setReadBufferSize(readBuffer);
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        close(Error{ErrorCode::Unavailable, 0, "the helper did not answer " + m_call.method + " in time"});
    });
    connect(&m_socket, &QLocalSocket::connected, this, [this] {
        const std::string message = protocol::encode(m_call);
        m_socket.write(message.data(), qint64(message.size()));
    });
    connect(&m_socket, &QLocalSocket::readyRead, this, &AttachedStream::read);
    connect(&m_socket, &QLocalSocket::errorOccurred, this, [this](QLocalSocket::LocalSocketError error) {
        if (error != QLocalSocket::PeerClosedError)
            close(socketError(error, m_path, m_socket.errorString()));
    });
    connect(&m_socket, &QLocalSocket::disconnected, this, [this] { read(); });
}

AttachedStream::~AttachedStream()
{
    disconnect(&m_socket, nullptr, this, nullptr); // a socket says goodbye while it is destroyed
}

void AttachedStream::open()
{
    m_phase = Phase::Reply;
    m_deadline.start(replyDeadline);
    m_socket.connectToServer(m_path);
}

bool AttachedStream::send(FrameType type, std::string_view payload)
{
    if (m_phase == Phase::Closed
        || m_socket.bytesToWrite() + qint64(m_waiting.size()) + qint64(payload.size()) > writeBudget)
        return false;
    std::string bytes;
    do {
        const std::string_view part = payload.substr(0, framePayloadLimit);
        bytes += frame(type, part);
        payload.remove_prefix(part.size());
    } while (!payload.empty());
    if (m_phase == Phase::Frames)
        m_socket.write(bytes.data(), qint64(bytes.size()));
    else
        m_waiting += bytes;
    return true;
}

void AttachedStream::read()
{
    m_turnScheduled = false;
    const QPointer<AttachedStream> alive(this);
    std::array<char, 64 * 1024> chunk;
    for (qint64 taken = 0; m_phase != Phase::Closed && taken < turnBudget;) {
        const qint64 size = m_socket.isOpen() ? m_socket.read(chunk.data(), chunk.size()) : 0;
        if (size <= 0)
            break;
        taken += size;
        const std::string_view bytes(chunk.data(), std::size_t(size));
        if (m_phase == Phase::Frames) {
            m_frames.append(bytes);
        } else {
            m_reply.append(bytes);
            if (!readReply())
                continue;
        }
        while (const auto received = m_frames.next()) {
            Q_EMIT frameReceived(received->type, received->payload);
            if (!alive || m_phase == Phase::Closed)
                return;
        }
        if (m_frames.broken()) {
            close(Error{ErrorCode::Corrupt, 0, "the container's stream broke: a frame is too long"});
            return;
        }
    }
    if (m_phase == Phase::Closed)
        return;
    if (m_socket.bytesAvailable() > 0) {
        if (!std::exchange(m_turnScheduled, true))
            QTimer::singleShot(0, this, &AttachedStream::read);
    } else if (m_socket.state() == QLocalSocket::UnconnectedState) {
        close(Error{ErrorCode::Unavailable, 0, m_phase == Phase::Frames ? "the connection to the container was closed"
                                                                        : "the helper closed the connection"});
    }
}

// True once the connection carries frames.
bool AttachedStream::readReply()
{
    const auto message = m_reply.next();
    if (!message) {
        if (m_reply.broken())
            close(Error{ErrorCode::Corrupt, 0, "the helper sent a message that is too long"});
        return false;
    }
    const auto answer = protocol::decodeAnswer(*message);
    if (!answer || !answer->error.empty()) {
        close(answer ? protocol::errorOf(*answer) : answer.error());
        return false;
    }
    m_deadline.stop();
    m_said = answer->parameters;
    m_phase = Phase::Frames;
    m_frames.append(m_reply.takeRest());
    const std::string waiting = std::exchange(m_waiting, {});
    if (!waiting.empty())
        m_socket.write(waiting.data(), qint64(waiting.size()));
    const QPointer<AttachedStream> alive(this);
    Q_EMIT opened();
    return alive && m_phase == Phase::Frames;
}

void AttachedStream::close(const Error& reason)
{
    if (std::exchange(m_phase, Phase::Closed) == Phase::Closed)
        return;
    m_deadline.stop();
    m_socket.abort();
    Q_EMIT closed(reason);
}

} // namespace rocker::gui
