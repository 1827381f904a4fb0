#include "helper/cli/command.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> remove(const Context& context, const Arguments& arguments)
{
    return forEachOperand(context, arguments, [&](Client& client, const std::string& name) -> Result<std::string> {
        TRY(client.call<Remove>({name, arguments.has("force")}));
        return name;
    });
}

} // namespace

Command removeCommand()
{
    return {.syntax = {.names = {"remove", "rm"},
                       .operands = "CONTAINER…",
                       .summary = "Delete containers.",
                       .options = {{'f', "force", "", "running ones too"}},
                       .fewest = 1,
                       .most = Syntax::anyNumber},
            .run = remove};
}

} // namespace rocker::cli
