#include "engine/monitor/client.h"

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

namespace rocker::monitor {

namespace {

constexpr std::size_t fillSize = 64 * 1024;

} // namespace

Client::Client(UniqueFd socket, transcript::Reader reader, std::uint64_t replayUntil, bool acceptsInput)
    : m_socket(std::move(socket))
    , m_reader(std::move(reader))
    , m_replayUntil(replayUntil)
    , m_acceptsInput(acceptsInput)
{
}

void Client::fill()
{
    m_out.clear();
    m_sent = 0;
    while (m_out.size() < fillSize) {
        if (!m_replayed && m_reader.position() >= m_replayUntil) {
            m_out += frame(FrameType::Replayed, {});
            m_replayed = true;
        }
        const auto record = m_reader.next();
        if (!record)
            break;
        if (record->hasBytes())
            m_out += frame(record->kind == transcript::Kind::Output ? FrameType::Output : FrameType::ErrorOutput,
                           m_reader.bytes(*record, 0, framePayloadLimit));
        else if (record->kind == transcript::Kind::Resized)
            m_out += frame(FrameType::Resized,
                           resizePayload(std::uint16_t(record->length >> 16), std::uint16_t(record->length)));
    }
    if (m_out.empty() && m_exit && !m_exitQueued) {
        m_out = frame(FrameType::Exited, exitPayload(m_exit->exitCode, m_exit->oomKilled));
        m_exitQueued = true;
    }
}

bool Client::pump()
{
    for (;;) {
        if (!wantsToWrite())
            fill();
        if (m_out.empty())
            return true;
        const ssize_t count = ::send(m_socket.value(), m_out.data() + m_sent, m_out.size() - m_sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0)
            return errno == EAGAIN || errno == EINTR;
        m_sent += std::size_t(count);
        if (!wantsToWrite()) {
            m_out.clear();
            m_sent = 0;
        }
    }
}

bool Client::receive()
{
    char buffer[16 * 1024];
    const ssize_t count = ::recv(m_socket.value(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR;
    m_frames.append({buffer, std::size_t(count)});
    return count > 0 && !m_frames.broken();
}

} // namespace rocker::monitor
