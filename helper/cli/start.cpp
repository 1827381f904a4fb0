#include "helper/cli/container_session.h"
#include "helper/cli/tty.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> startAttached(const Context& context, const Arguments& arguments)
{
    if (arguments.operands().size() != 1)
        return fail(ErrorCode::InvalidArgument, "only one container can be started in the foreground");
    SignalQueue signals(sessionSignals);
    Client client = TRY(context.connect());
    const auto started = TRY(client.call<Start>({arguments.operands()[0], terminalSize()}));
    return TRY(followContainer(context, started.container, arguments.has("interactive"), signals)).exitCode;
}

Result<int> start(const Context& context, const Arguments& arguments)
{
    if (arguments.has("attach") || arguments.has("interactive"))
        return startAttached(context, arguments);
    return forEachOperand(context, arguments, [](Client& client, const std::string& name) -> Result<std::string> {
        TRY(client.call<Start>({name, std::nullopt}));
        return name;
    });
}

} // namespace

Command startCommand()
{
    return {.syntax = {.names = {"start"},
                       .operands = "CONTAINER…",
                       .summary = "Run containers that were made or have ended.",
                       .options = {{'a', "attach", "", "stay with it: its output, its exit code"},
                                   {'i', "interactive", "", "and its input"}},
                       .fewest = 1,
                       .most = Syntax::anyNumber},
            .run = start};
}

} // namespace rocker::cli
