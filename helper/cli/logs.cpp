#include "helper/cli/command.h"
#include "helper/cli/session.h"
#include "helper/cli/tail.h"
#include "helper/cli/values.h"

#include <array>
#include <optional>
#include <sys/socket.h>

namespace rocker::cli {

using namespace protocol;

namespace {

void show(FrameType type, std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), type == FrameType::ErrorOutput ? stderr : stdout);
}

// Shows frames as they come; those before "Replayed" only as far as `tail` keeps them.
class LogPrinter
{
public:
    explicit LogPrinter(std::optional<Tail> tail) : m_tail(std::move(tail)) {}

    void print(const FrameReader::Frame& frame)
    {
        if (frame.type == FrameType::Replayed)
            return finishTail();
        if (frame.type != FrameType::Output && frame.type != FrameType::ErrorOutput)
            return;
        if (m_tail)
            m_tail->add(frame.type, frame.payload);
        else
            show(frame.type, frame.payload);
    }
    void finishTail()
    {
        if (m_tail)
            for (const Tail::Piece& line : m_tail->lines())
                show(line.type, line.text);
        m_tail.reset();
        std::fflush(stdout);
    }

private:
    std::optional<Tail> m_tail;
};

Result<int> printFrames(Upgraded connection, LogPrinter printer)
{
    FrameReader frames;
    frames.append(connection.received);
    std::array<char, 64 << 10> chunk;
    for (;;) {
        while (const auto frame = frames.next())
            printer.print(*frame);
        if (frames.broken())
            return fail(ErrorCode::Corrupt, "the helper's answer is not understood");
        std::fflush(stdout);
        const ssize_t size = ::recv(connection.socket.value(), chunk.data(), chunk.size(), 0);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            break;
        frames.append({chunk.data(), std::size_t(size)});
    }
    printer.finishTail();
    return 0;
}

Result<int> logs(const Context& context, const Arguments& arguments)
{
    std::optional<Tail> tail;
    if (const auto text = arguments.value("tail"); text && *text != "all")
        tail.emplace(std::size_t(TRY(parseInteger(*text, 0, 1'000'000'000), "--tail")));
    Logs::Parameters parameters{
        .container = arguments.operands()[0], .follow = arguments.has("follow"), .tailBytes = std::nullopt};
    return printFrames(TRY(TRY(context.connect()).upgrade<Logs>(parameters)), LogPrinter(std::move(tail)));
}

} // namespace

Command logsCommand()
{
    return {.syntax = {.names = {"logs", "log"},
                       .operands = "CONTAINER",
                       .summary = "Show what a container has printed.",
                       .options = {{'f', "follow", "", "go on until it ends"},
                                   {'n', "tail", "LINES", "only the last lines; 'all' for all"}},
                       .fewest = 1,
                       .most = 1},
            .run = logs};
}

} // namespace rocker::cli
