#include "helper/services/outgoing.h"

#include "engine/base/frame.h"

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace rocker {

namespace {

constexpr int readerPatienceMilliseconds = 60'000;

} // namespace

Result<> sendAll(BorrowedFd socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket.value(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0) {
            bytes.remove_prefix(std::size_t(count));
            continue;
        }
        pollfd writable{socket.value(), POLLOUT, 0};
        if (errno != EAGAIN || ::poll(&writable, 1, readerPatienceMilliseconds) <= 0)
            return fail(ErrorCode::Unavailable, "the client does not read");
    }
    return {};
}

Result<> sendFile(BorrowedFd socket, BorrowedFd file, std::uint64_t size)
{
    std::vector<char> buffer(frameHeaderSize + framePayloadLimit);
    for (std::uint64_t offset = 0; offset < size;) {
        const ssize_t count = ::pread(file.value(), buffer.data() + frameHeaderSize,
                                      std::min<std::uint64_t>(framePayloadLimit, size - offset), off_t(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(Error::fromErrno(errno).in("read"));
        if (count == 0)
            return fail(ErrorCode::Corrupt, "the file ends after {} of {} bytes", offset, size);
        const auto header = frameHeader(FrameType::Output, std::size_t(count));
        std::copy(header.begin(), header.end(), buffer.begin());
        TRY(sendAll(socket, {buffer.data(), frameHeaderSize + std::size_t(count)}));
        offset += std::uint64_t(count);
    }
    return {};
}

Result<> sendToItsEnd(BorrowedFd socket, const std::function<Result<>()>& send)
{
    const auto sent = send();
    if (!sent)
        return sendAll(socket, frame(FrameType::Failed, sent.error().what.substr(0, framePayloadLimit)));
    return sendAll(socket, frame(FrameType::End, {}));
}

} // namespace rocker
