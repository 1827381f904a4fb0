#include "helper/cli/command.h"

#include <filesystem>
#include <unistd.h>

namespace rocker::cli {

using namespace protocol;

namespace {

// On a terminal one line that changes; elsewhere nothing.
void showProgress(const ImportImage::Reply& reply)
{
    if (!reply.progress || !::isatty(STDERR_FILENO))
        return;
    const ImportProgress& progress = *reply.progress;
    const std::string part = progress.total > 0
        ? std::format(" {}/{}", sizeText(progress.done), sizeText(progress.total))
        : progress.done > 0 ? " " + sizeText(progress.done) : "";
    std::fputs(("\r\x1b[K" + progress.step + part).c_str(), stderr);
}

void clearProgress()
{
    if (::isatty(STDERR_FILENO))
        std::fputs("\r\x1b[K", stderr);
}

Result<int> import(const Context& context, const Arguments& arguments)
{
    std::error_code error;
    const auto path = std::filesystem::absolute(arguments.operands()[0], error);
    if (error)
        return fail(Error::fromErrno(error.value()).in(arguments.operands()[0]));
    const ImportImage::Parameters parameters{
        .path = path.string(), .reference = arguments.operands().size() > 1 ? arguments.operands()[1] : ""};
    Client client = TRY(context.connect());
    const auto imported = client.stream<ImportImage>(parameters, showProgress);
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
                       .summary = "Take a docker-archive or an OCI layout (file or directory) into the image store.",
                       .options = {},
                       .fewest = 1,
                       .most = 2},
            .run = import};
}

} // namespace rocker::cli
