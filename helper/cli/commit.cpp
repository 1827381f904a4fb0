#include "helper/cli/change.h"
#include "helper/cli/command.h"
#include "helper/cli/progress.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> commit(const Context& context, const Arguments& arguments)
{
    CommitContainer::Parameters parameters{.container = arguments.operands()[0],
                          .reference = arguments.operands().size() > 1 ? arguments.operands()[1] : "",
                          .paths = arguments.values("path"),
                          .pause = !arguments.has("no-pause"),
                          .comment = arguments.valueOr("message", ""),
                          .author = arguments.valueOr("author", "")};
    for (const std::string& change : arguments.values("change"))
        TRY(applyChange(parameters, change));
    Client client = TRY(context.connect());
    const auto committed = client.stream<CommitContainer>(parameters, [](const auto& reply) { showProgress(reply.progress); });
    clearProgress();
    if (!committed)
        return fail(committed.error());
    for (const Image& image : committed->images)
        print(image.id + "\n");
    return 0;
}

} // namespace

Command commitCommand()
{
    return {.syntax = {.names = {"commit"},
                       .operands = "CONTAINER [REFERENCE]",
                       .summary = "Make an image of what a container has changed of its own.",
                       .options = {{'p', "path", "PATH", "take only this and what is below it (again for more)"},
                                   {'c', "change", "INSTRUCTION", changeHelp},
                                   {'m', "message", "TEXT", "comment in the image's history"},
                                   {'a', "author", "NAME", "author in the image's history"},
                                   {0, "no-pause", "", "let the container run while its files are read"}},
                       .fewest = 1,
                       .most = 2},
            .run = commit};
}

} // namespace rocker::cli
