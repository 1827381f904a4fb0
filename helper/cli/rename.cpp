#include "helper/cli/command.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> rename(const Context& context, const Arguments& arguments)
{
    TRY(TRY(context.connect()).call<Rename>({arguments.operands()[0], arguments.operands()[1]}));
    return 0;
}

} // namespace

Command renameCommand()
{
    return {.syntax = {.names = {"rename"},
                       .operands = "CONTAINER NAME",
                       .summary = "Give a container another name.",
                       .options = {},
                       .fewest = 2,
                       .most = 2},
            .run = rename};
}

} // namespace rocker::cli
