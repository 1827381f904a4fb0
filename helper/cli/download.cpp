#include "helper/cli/download.h"

#include <array>
#include <cerrno>
#include <sys/socket.h>

namespace rocker::cli {

Result<> receiveFile(Upgraded connection, std::int64_t size, const std::function<Result<>(std::string_view)>& take)
{
    FrameReader frames;
    frames.append(connection.received);
    std::array<char, 64 << 10> chunk;
    for (std::int64_t received = 0;;) {
        while (const auto frame = frames.next()) {
            if (frame->type == FrameType::Failed)
                return fail(ErrorCode::Unavailable, "the helper could not read on: {}", frame->payload);
            if (frame->type == FrameType::End && received == size)
                return {};
            received += std::int64_t(frame->payload.size());
            if (frame->type != FrameType::Output || received > size)
                return fail(ErrorCode::Corrupt, "the helper sends something else than the {} bytes it spoke of", size);
            TRY(take(frame->payload));
        }
        if (frames.broken())
            return fail(ErrorCode::Corrupt, "the helper's answer is not understood");
        const ssize_t count = ::recv(connection.socket.value(), chunk.data(), chunk.size(), 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(Error::fromErrno(errno).in("read from the helper"));
        if (count == 0)
            return fail(ErrorCode::Unavailable, "the helper has broken off after {} of {} bytes", received, size);
        frames.append({chunk.data(), std::size_t(count)});
    }
}

} // namespace rocker::cli
