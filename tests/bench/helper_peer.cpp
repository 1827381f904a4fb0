#include "tests/bench/helper_peer.h"

#include "engine/base/frame.h"
#include "engine/os/file.h"
#include "engine/os/socket.h"
#include "helper/protocol/system.h"

#include <fcntl.h>
#include <format>
#include <sys/socket.h>

namespace rocker::bench {

namespace {

using namespace protocol;

constexpr TerminalSize size{120, 40};

Result<> awaitOutput(cli::Upgraded& stream)
{
    FrameReader frames;
    frames.append(stream.received);
    for (;;) {
        while (const auto frame = frames.next()) {
            if (frame->type == FrameType::Output)
                return {};
            if (frame->type == FrameType::Exited)
                return fail(ErrorCode::Internal, "the shell ended before its prompt");
        }
        char buffer[4096];
        const ssize_t count = ::recv(stream.socket.value(), buffer, sizeof buffer, 0);
        if (count <= 0)
            return fail(ErrorCode::Unavailable, "the terminal's connection ended before the prompt");
        frames.append({buffer, std::size_t(count)});
    }
}

// The stream of events, one at a time.
class Subscription
{
public:
    static Result<Subscription> open(const std::string& socketPath)
    {
        Subscription subscription;
        subscription.m_socket = TRY(os::connectTo(TRY(os::open("/", O_PATH)), socketPath, SOCK_STREAM));
        TRY(os::writeAll(subscription.m_socket, encode(callOf<System, Watch>({}))));
        return subscription;
    }

    Result<Watch::Reply> next()
    {
        char buffer[64 * 1024];
        for (;;) {
            if (const auto message = m_input.next())
                return replyOf<Watch>(TRY(decodeAnswer(*message)));
            const ssize_t count = ::recv(m_socket.value(), buffer, sizeof buffer, 0);
            if (count <= 0)
                return fail(ErrorCode::Unavailable, "the stream of events ended");
            m_input.append({buffer, std::size_t(count)});
        }
    }

private:
    UniqueFd m_socket;
    MessageBuffer m_input{replyLimit};
};

} // namespace

Result<HelperPeer> HelperPeer::connect(const std::string& socketPath, const std::string& image)
{
    cli::Client client = TRY(cli::Client::connect(socketPath));
    return HelperPeer(socketPath, image, std::move(client));
}

Result<Clock::duration> HelperPeer::firstByte()
{
    // An empty ENV: the shell reads no profile, as under the peer, and its first byte is the prompt's.
    Create::Parameters parameters{.image = m_image, .environment = {"ENV="}, .tty = true, .interactive = true};
    const auto begin = Clock::now();
    const Container container = TRY(m_client.call<Create>(parameters)).container;
    TRY(m_client.call<Start>({container.id, size}));
    cli::Client own = TRY(cli::Client::connect(m_socketPath));
    cli::Upgraded stream = TRY(std::move(own).upgrade<Attach>({.container = container.id, .size = size}));
    TRY(awaitOutput(stream));
    const auto took = Clock::now() - begin;
    TRY(m_client.call<Remove>({container.id, true}));
    return took;
}

Result<Clock::duration> HelperPeer::createAndStart()
{
    const auto begin = Clock::now();
    const Container container = TRY(m_client.call<Create>({.image = m_image, .command = {"sleep", "1000"}})).container;
    TRY(m_client.call<Start>({container.id, std::nullopt}));
    const auto took = Clock::now() - begin;
    TRY(m_client.call<Remove>({container.id, true}));
    return took;
}

Result<Clock::duration> HelperPeer::wholeLife()
{
    const auto begin = Clock::now();
    const Container container = TRY(m_client.call<Create>({.image = m_image, .command = {"true"}})).container;
    TRY(m_client.call<Start>({container.id, std::nullopt}));
    const Container ended = TRY(m_client.call<Wait>({container.id})).container;
    TRY(m_client.call<Remove>({container.id}));
    if (ended.exitCode != 0)
        return fail(ErrorCode::Internal, "'true' ended with {}", ended.exitCode);
    return Clock::now() - begin;
}

// The event leaves the helper before the answer to the call that caused it: both have been read when the clock stops.
Result<Samples> HelperPeer::eventLatency(int rounds)
{
    Subscription subscription = TRY(Subscription::open(m_socketPath));
    TRY(subscription.next());
    const Container container = TRY(m_client.call<Create>({.image = m_image, .command = {"true"}})).container;
    TRY(subscription.next());
    Samples samples;
    for (int i = 0; i < rounds; ++i) {
        const std::string name = std::format("event-{}", i);
        const auto begin = Clock::now();
        TRY(m_client.call<Rename>({container.id, name}));
        const Watch::Reply news = TRY(subscription.next());
        samples.add(Clock::now() - begin);
        if (news.containers.size() != 1 || news.containers.front().name != name)
            return fail(ErrorCode::Internal, "the event after Rename is another one");
    }
    TRY(m_client.call<Remove>({container.id}));
    return samples;
}

} // namespace rocker::bench
