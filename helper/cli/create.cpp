#include "helper/cli/creation.h"

namespace rocker::cli {

namespace {

Result<int> create(const Context& context, const Arguments& arguments)
{
    const auto parameters = TRY(creationParameters(arguments));
    Client client = TRY(context.connect());
    print(TRY(makeContainer(client, parameters, arguments)).id + "\n");
    return 0;
}

} // namespace

Command createCommand()
{
    return {.syntax = {.names = {"create"},
                       .operands = "IMAGE [COMMAND [ARGUMENT…]]",
                       .summary = "Make a container from an image; 'start' runs it.",
                       .options = creationOptions(),
                       .fewest = 1,
                       .most = Syntax::anyNumber,
                       .stopAtOperand = true},
            .run = create};
}

} // namespace rocker::cli
