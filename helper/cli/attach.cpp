#include "helper/cli/container_session.h"
#include "helper/cli/tty.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> attach(const Context& context, const Arguments& arguments)
{
    const Container container =
        TRY(TRY(context.connect()).call<Inspect>({arguments.operands()[0]})).container;
    if (container.state != ContainerState::Running && container.state != ContainerState::Paused)
        return fail(ErrorCode::FailedPrecondition, "'{0}' is not running: 'rocker start {0}' runs it", container.name);
    SignalQueue signals(sessionSignals);
    return TRY(followContainer(context, container, !arguments.has("no-stdin"), signals)).exitCode;
}

} // namespace

Command attachCommand()
{
    return {.syntax = {.names = {"attach"},
                       .operands = "CONTAINER",
                       .summary = "Join a running container; ctrl-p ctrl-q leaves its terminal.",
                       .options = {{0, "no-stdin", "", "only watch"}},
                       .fewest = 1,
                       .most = 1},
            .run = attach,
            .runsContainer = true};
}

} // namespace rocker::cli
