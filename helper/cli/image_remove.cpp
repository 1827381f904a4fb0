#include "helper/cli/command.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> imageRemove(const Context& context, const Arguments& arguments)
{
    return forEachOperand(context, arguments, [](Client& client, const std::string& name) -> Result<std::string> {
        TRY(client.call<RemoveImage>({name}));
        return name;
    });
}

} // namespace

Command imageRemoveCommand()
{
    return {.syntax = {.names = {"image remove", "image rm", "rmi"},
                       .operands = "IMAGE…",
                       .summary = "Remove images by reference or ID.",
                       .options = {},
                       .fewest = 1,
                       .most = Syntax::anyNumber},
            .run = imageRemove};
}

} // namespace rocker::cli
