#include "helper/cli/container_session.h"

#include "helper/cli/tty.h"

namespace rocker::cli {

using namespace protocol;

namespace {

// Of a container that may have ended before anybody joined it.
Result<Upgraded> joinOrReadLog(const Context& context, const Container& container)
{
    auto joined = TRY(context.connect()).upgrade<Attach>({.container = container.id, .size = terminalSize()});
    if (joined || (joined.error().code != ErrorCode::FailedPrecondition && joined.error().code != ErrorCode::Unavailable))
        return joined;
    return TRY(context.connect()).upgrade<Logs>({.container = container.id});
}

// The connection ended without telling how the container did.
Result<int> recordedExit(const Context& context, const Container& container)
{
    const auto details = TRY(TRY(context.connect()).call<Inspect>({container.id}));
    const ContainerState state = details.container.state;
    if (state == ContainerState::Running || state == ContainerState::Paused)
        return fail(ErrorCode::Unavailable,
                    "the connection to '{0}' was lost; it goes on running: 'rocker attach {0}' joins it again",
                    container.name);
    return int(details.container.exitCode);
}

// The monitor tells its clients of the end first: what comes next must find the helper knowing it too.
void awaitRecord(const Context& context, const Container& container)
{
    if (auto client = context.connect())
        (void)client->call<Wait>({container.id});
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

Result<int> followContainer(const Context& context, const Container& container, bool input, SignalQueue& signals)
{
    SessionOptions options{.input = input && container.interactive, .terminal = container.tty, .forward = {}};
    if (!container.tty)
        options.forward = [&](int signal) { forwardSignal(context, container, signal); };
    const SessionEnd end = Session(TRY(joinOrReadLog(context, container)), &signals, std::move(options)).run();
    switch (end.how) {
    case SessionEnd::How::Exited:
        awaitRecord(context, container);
        return end.code;
    case SessionEnd::How::Interrupted:
        return end.code;
    case SessionEnd::How::Detached:
        return 0;
    case SessionEnd::How::Disconnected:
        break;
    }
    return recordedExit(context, container);
}

} // namespace rocker::cli
