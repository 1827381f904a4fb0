#include "helper/cli/command.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> wait(const Context& context, const Arguments& arguments)
{
    return forEachOperand(context, arguments, [](Client& client, const std::string& name) -> Result<std::string> {
        return std::to_string(TRY(client.call<Wait>({name})).container.exitCode);
    });
}

} // namespace

Command waitCommand()
{
    return {.syntax = {.names = {"wait"},
                       .operands = "CONTAINER…",
                       .summary = "Wait until containers have ended and print their exit codes.",
                       .options = {},
                       .fewest = 1,
                       .most = Syntax::anyNumber},
            .run = wait};
}

} // namespace rocker::cli
