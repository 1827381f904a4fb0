#include "helper/cli/command.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> pause(const Context& context, const Arguments& arguments)
{
    return forEachOperand(context, arguments, [](Client& client, const std::string& name) -> Result<std::string> {
        TRY(client.call<Pause>({name}));
        return name;
    });
}

} // namespace

Command pauseCommand()
{
    return {.syntax = {.names = {"pause"},
                       .operands = "CONTAINER…",
                       .summary = "Freeze the processes of containers.",
                       .options = {},
                       .fewest = 1,
                       .most = Syntax::anyNumber},
            .run = pause};
}

} // namespace rocker::cli
