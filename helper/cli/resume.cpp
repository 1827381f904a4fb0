#include "helper/cli/command.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> resume(const Context& context, const Arguments& arguments)
{
    return forEachOperand(context, arguments, [](Client& client, const std::string& name) -> Result<std::string> {
        TRY(client.call<Resume>({name}));
        return name;
    });
}

} // namespace

Command resumeCommand()
{
    return {.syntax = {.names = {"resume", "unpause"},
                       .operands = "CONTAINER…",
                       .summary = "Let paused containers go on.",
                       .options = {},
                       .fewest = 1,
                       .most = Syntax::anyNumber},
            .run = resume};
}

} // namespace rocker::cli
