#include "engine/container/channel.h"

#include "engine/os/socket.h"

#include <charconv>

namespace rocker::container {

namespace {

constexpr std::size_t messageLimit = 64 * 1024;
constexpr std::size_t fdLimit = 250;

} // namespace

std::string encodeError(const Error& error)
{
    return std::format("E{} {} {}", int(error.code), error.errnum, error.what).substr(0, messageLimit);
}

Error decodeError(std::string_view text)
{
    int code = 0;
    Error error;
    const char* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data() + 1, end, code);
    const auto second = first.ptr == end ? first : std::from_chars(first.ptr + 1, end, error.errnum);
    error.code = code >= 0 && code <= int(ErrorCode::Cancelled) ? ErrorCode(code) : ErrorCode::Internal;
    if (second.ptr != end)
        error.what.assign(second.ptr + 1, end);
    return error;
}

Result<std::pair<ParentEnd, ChildEnd>> makeChannel()
{
    auto [parent, child] = TRY(os::makeSocketPair(SOCK_SEQPACKET), "make the start-up channel");
    return std::pair{ParentEnd(std::move(parent)), ChildEnd(std::move(child))};
}

Result<> ParentEnd::sendGo(const std::vector<BorrowedFd>& fds, std::string_view text)
{
    return os::sendMessage(m_socket, std::string("G") += text, fds);
}

Result<Word> ParentEnd::receive()
{
    for (;;) {
        os::Message message = TRY(os::receiveMessage(m_socket, messageLimit, 1));
        if (message.bytes.starts_with('E'))
            return fail(decodeError(message.bytes));
        if (!message.bytes.starts_with(char(Progress::Warned)))
            return Word{std::move(message.bytes), std::move(message.fds)};
        m_warnings += message.bytes.substr(1);
    }
}

Result<Word> ParentEnd::await(Progress progress, const std::function<Result<>(Word)>& map)
{
    Word word = TRY(receive());
    while (map && word.text.starts_with(char(Progress::Mapping))) {
        word.text.erase(0, 1);
        TRY(map(std::move(word)));
        TRY(sendGo(), "send the go-ahead");
        word = TRY(receive());
    }
    if (word.text.empty())
        return fail(ErrorCode::Internal, "the container's process ended before it was ready");
    if (word.text.front() != char(progress))
        return fail(ErrorCode::Internal, "the container's process said '{}' instead of '{}'", word.text.front(), char(progress));
    word.text.erase(0, 1);
    return word;
}

Result<> ParentEnd::awaitExec()
{
    TRY(receive());
    return {};
}

Result<Word> ChildEnd::awaitGo()
{
    os::Message message = TRY(os::receiveMessage(m_socket, messageLimit, fdLimit), "wait for the go-ahead");
    if (!message.bytes.starts_with('G'))
        return fail(ErrorCode::Cancelled, "the start was given up");
    return Word{message.bytes.substr(1), std::move(message.fds)};
}

Result<> ChildEnd::send(Progress progress, BorrowedFd fd, std::string_view text)
{
    return os::sendMessage(m_socket, std::string(1, char(progress)) += text,
                           fd.value() >= 0 ? std::vector{fd} : std::vector<BorrowedFd>{});
}

void ChildEnd::sendError(const Error& error)
{
    (void)os::sendMessage(m_socket, encodeError(error));
}

} // namespace rocker::container
