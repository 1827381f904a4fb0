#include "helper/cli/container_session.h"

#include "helper/cli/tty.h"

#include <cerrno>
#include <chrono>

namespace rocker::cli {

using namespace protocol;

namespace {

constexpr std::chrono::seconds patience{5};

// The connection ended without telling how the container did: either it is just ending, or it goes on without us.
Result<Followed> recordedEnd(const Context& context, const Container& container)
{
    Client client = TRY(context.connect());
    client.setPatience(patience);
    auto ended = client.call<Wait>({container.id});
    if (!ended && ended.error().errnum == EAGAIN)
        return fail(ErrorCode::Unavailable,
                    "the connection to '{0}' was lost; it goes on running: 'rocker attach {0}' joins it again",
                    container.name);
    return Followed{int(TRY(ended).container.exitCode), true};
}

void forwardSignal(const Context& context, const Container& container, int signal)
{
    auto client = context.connect();
    if (!client)
        return complain(client.error().what);
    const auto killed = client->call<Kill>({container.id, signalName(signal)});
    // One that has just ended needs no signal.
    if (!killed && killed.error().code != ErrorCode::FailedPrecondition && killed.error().code != ErrorCode::NotFound)
        complain(killed.error().what);
}

} // namespace

Result<Followed> followContainer(const Context& context, const Container& container, bool input,
                                 SignalQueue& signals)
{
    SessionOptions options{.input = input && container.interactive, .terminal = container.tty, .forward = {}};
    if (!container.tty)
        options.forward = [&](int signal) { forwardSignal(context, container, signal); };
    auto joined = TRY(TRY(context.connect()).upgrade<Attach>({.container = container.id, .size = terminalSize()}));
    const SessionEnd end = Session(std::move(joined), &signals, std::move(options)).run();
    if (end.how == SessionEnd::How::Disconnected)
        return recordedEnd(context, container);
    // The monitor tells us before the helper: whoever asks that one next shall hear of the end as well.
    if (end.how == SessionEnd::How::Exited)
        (void)recordedEnd(context, container);
    return Followed{end.code, end.how == SessionEnd::How::Exited};
}

} // namespace rocker::cli
