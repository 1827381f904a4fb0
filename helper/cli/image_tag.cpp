#include "helper/cli/command.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> imageTag(const Context& context, const Arguments& arguments)
{
    Client client = TRY(context.connect());
    for (const std::string& reference : arguments.operandsFrom(1))
        TRY(client.call<TagImage>({arguments.operands()[0], reference}));
    return 0;
}

Result<int> imageUntag(const Context& context, const Arguments& arguments)
{
    return forEachOperand(context, arguments, [](Client& client, const std::string& name) -> Result<std::string> {
        TRY(client.call<UntagImage>({name}));
        return name;
    });
}

} // namespace

Command imageTagCommand()
{
    return {.syntax = {.names = {"image tag", "tag"},
                       .operands = "IMAGE NAME…",
                       .summary = "Give an image one more name.",
                       .options = {},
                       .fewest = 2,
                       .most = Syntax::anyNumber},
            .run = imageTag};
}

Command imageUntagCommand()
{
    return {.syntax = {.names = {"image untag", "untag"},
                       .operands = "NAME…",
                       .summary = "Take names from images; an image stays, be it without any.",
                       .options = {},
                       .fewest = 1,
                       .most = Syntax::anyNumber},
            .run = imageUntag};
}

} // namespace rocker::cli
