#include "helper/cli/command.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> kill(const Context& context, const Arguments& arguments)
{
    return forEachOperand(context, arguments, [&](Client& client, const std::string& name) -> Result<std::string> {
        TRY(client.call<Kill>({name, arguments.valueOr("signal", "KILL")}));
        return name;
    });
}

} // namespace

Command killCommand()
{
    return {.syntax = {.names = {"kill"},
                       .operands = "CONTAINER…",
                       .summary = "Send a signal to containers.",
                       .options = {{'s', "signal", "SIGNAL", "which one: TERM, SIGTERM or 15 (KILL)"}},
                       .fewest = 1,
                       .most = Syntax::anyNumber},
            .run = kill};
}

} // namespace rocker::cli
