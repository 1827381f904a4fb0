#include "helper/cli/auth_file.h"
#include "helper/cli/command.h"
#include "helper/cli/progress.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> push(const Context& context, const Arguments& arguments)
{
    const PushImage::Parameters parameters{.image = arguments.operands()[0],
                                           .reference = arguments.operands().size() > 1 ? arguments.operands()[1] : "",
                                           .authFile = TRY(authFileOf(arguments))};
    Client client = TRY(context.connect());
    const auto pushed = client.stream<PushImage>(parameters, [](const auto& reply) { showProgress(reply.progress); });
    clearProgress();
    if (!pushed)
        return fail(pushed.error());
    if (arguments.has("quiet")) {
        print(pushed->digest + "\n");
        return 0;
    }
    print(std::format("{}\n{}\n{} sent, {} mounted, {} there already\n", pushed->name, pushed->digest, pushed->uploaded,
                      pushed->mounted, pushed->present));
    return 0;
}

} // namespace

Command pushCommand()
{
    return {.syntax = {.names = {"push", "image push"},
                       .operands = "IMAGE [REFERENCE]",
                       .summary = "Send an image to a registry, under its own name or another one.",
                       .options = {{'q', "quiet", "", "print the manifest's digest only"}, authFileOption},
                       .fewest = 1,
                       .most = 2},
            .run = push};
}

} // namespace rocker::cli
