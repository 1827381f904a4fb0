#include "helper/cli/download.h"

#include <array>
#include <cerrno>
#include <sys/socket.h>

namespace rocker::cli {

namespace {

constexpr std::size_t answerLimit = 64 << 10;

// What has come, and more of it once the frames in it have been taken.
class Incoming
{
public:
    explicit Incoming(const Upgraded& connection) : m_connection(connection) { m_frames.append(connection.received); }

    Result<FrameReader::Frame> next(std::string_view brokenOff)
    {
        for (;;) {
            if (auto frame = m_frames.next())
                return std::move(*frame);
            if (m_frames.broken())
                return fail(ErrorCode::Corrupt, "the helper's answer is not understood");
            const ssize_t count = ::recv(m_connection.socket.value(), m_chunk.data(), m_chunk.size(), 0);
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0)
                return fail(Error::fromErrno(errno).in("read from the helper"));
            if (count == 0)
                return fail(ErrorCode::Unavailable, "the helper has broken off{}", brokenOff);
            m_frames.append({m_chunk.data(), std::size_t(count)});
        }
    }

private:
    const Upgraded& m_connection;
    FrameReader m_frames;
    std::array<char, 64 << 10> m_chunk;
};

} // namespace

Result<> receiveFile(Upgraded connection, std::int64_t size, const std::function<Result<>(std::string_view)>& take)
{
    Incoming incoming(connection);
    for (std::int64_t received = 0;;) {
        const auto frame = TRY(incoming.next(std::format(" after {} of {} bytes", received, size)));
        if (frame.type == FrameType::Failed)
            return fail(ErrorCode::Unavailable, "the helper could not read on: {}", frame.payload);
        if (frame.type == FrameType::End && received == size)
            return {};
        received += std::int64_t(frame.payload.size());
        if (frame.type != FrameType::Output || received > size)
            return fail(ErrorCode::Corrupt, "the helper sends something else than the {} bytes it spoke of", size);
        TRY(take(frame.payload));
    }
}

Result<std::string> receiveAnswer(const Upgraded& connection)
{
    Incoming incoming(connection);
    for (std::string answer;;) {
        const auto frame = TRY(incoming.next(""));
        if (frame.type == FrameType::Failed)
            return fail(ErrorCode::Unavailable, "{}", frame.payload);
        if (frame.type == FrameType::End)
            return answer;
        answer += frame.payload;
        if (frame.type != FrameType::Output || answer.size() > answerLimit)
            return fail(ErrorCode::Corrupt, "the helper's answer is not understood");
    }
}

} // namespace rocker::cli
