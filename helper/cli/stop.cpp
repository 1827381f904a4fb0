#include "helper/cli/command.h"
#include "helper/cli/values.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> stop(const Context& context, const Arguments& arguments)
{
    const auto grace = TRY(parseInteger(arguments.valueOr("time", "10"), 0, 3600), "--time");
    return forEachOperand(context, arguments, [&](Client& client, const std::string& name) -> Result<std::string> {
        TRY(client.call<Stop>({name, grace}));
        return name;
    });
}

} // namespace

Command stopCommand()
{
    return {.syntax = {.names = {"stop"},
                       .operands = "CONTAINER…",
                       .summary = "Ask containers to end, and kill those that do not.",
                       .options = {{'t', "time", "SECONDS", "how long to wait before killing (10)"}},
                       .fewest = 1,
                       .most = Syntax::anyNumber},
            .run = stop};
}

} // namespace rocker::cli
