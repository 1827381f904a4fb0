#include "helper/cli/change.h"
#include "helper/cli/command.h"
#include "helper/cli/progress.h"

#include <filesystem>

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> import(const Context& context, const Arguments& arguments)
{
    std::error_code error;
    const auto path = std::filesystem::absolute(arguments.operands()[0], error);
    if (error)
        return fail(Error::fromErrno(error.value()).in(arguments.operands()[0]));
    ImportImage::Parameters parameters{
        .path = path.string(), .reference = arguments.operands().size() > 1 ? arguments.operands()[1] : ""};
    for (const std::string& change : arguments.values("change"))
        TRY(applyChange(parameters, change));
    Client client = TRY(context.connect());
    const auto imported = client.stream<ImportImage>(parameters, [](const auto& reply) { showProgress(reply.progress); });
    clearProgress();
    if (!imported)
        return fail(imported.error());
    for (const Image& image : imported->images) {
        if (image.references.empty())
            print(image.id + "\n");
        for (const std::string& reference : image.references)
            print(reference + "\n");
    }
    return 0;
}

} // namespace

Command importCommand()
{
    return {.syntax = {.names = {"import", "load"},
                       .operands = "PATH [REFERENCE]",
                       .summary = "Take a docker-archive, an OCI layout (file or directory) or the tar of a root file system into the image store.",
                       .options = {{'c', "change", "INSTRUCTION", changeHelp}},
                       .fewest = 1,
                       .most = 2},
            .run = import};
}

} // namespace rocker::cli
