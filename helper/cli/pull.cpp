#include "helper/cli/auth_file.h"
#include "helper/cli/command.h"
#include "helper/cli/progress.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> pull(const Context& context, const Arguments& arguments)
{
    const PullImage::Parameters parameters{.reference = arguments.operands()[0],
                                           .platform = arguments.valueOr("platform", ""),
                                           .authFile = TRY(authFileOf(arguments))};
    Client client = TRY(context.connect());
    const auto pulled = client.stream<PullImage>(parameters, [](const auto& reply) { showProgress(reply.progress); });
    clearProgress();
    if (!pulled)
        return fail(pulled.error());
    if (arguments.has("quiet")) {
        for (const Image& image : pulled->images)
            print(image.id + "\n");
        return 0;
    }
    print(std::format("{}\n{}\n", pulled->name, pulled->digest));
    return 0;
}

} // namespace

Command pullCommand()
{
    return {.syntax = {.names = {"pull", "image pull"},
                .operands = "REFERENCE",
                .summary = "Fetch an image from a registry into the image store.",
                .options = {{'q', "quiet", "", "print the image's ID only"},
                    {0, "platform", "OS/ARCH[/VARIANT]", "another platform than this machine's: linux/arm64"},
                    authFileOption},
                .fewest = 1,
                .most = 1},
        .run = pull};
}

} // namespace rocker::cli
