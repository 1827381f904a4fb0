#include "helper/cli/download.h"
#include "helper/cli/output_file.h"

#include <unistd.h>

namespace rocker::cli {

namespace {

Result<int> exportContainer(const Context& context, const Arguments& arguments)
{
    const protocol::ExportContainer::Parameters parameters{arguments.operands()[0], !arguments.has("no-pause")};
    const std::string path = arguments.valueOr("output", "-");
    if (path == "-" && ::isatty(STDOUT_FILENO))
        return fail(ErrorCode::InvalidArgument, "an archive is nothing for a terminal: give a file with -o");
    const auto receive = [&](int descriptor) {
        const auto write = [descriptor](std::string_view piece) { return writeFully(descriptor, piece); };
        return download<protocol::ExportContainer>(context, parameters, write);
    };
    return TRY(writeOutput(path, receive), "export"), 0;
}

} // namespace

Command exportCommand()
{
    return {.syntax = {.names = {"export"},
                       .operands = "CONTAINER",
                       .summary = "Write what a container sees in its file system as a tar, without what is mounted there.",
                       .options = {{'o', "output", "FILE", "where to, else standard output"},
                                   {0, "no-pause", "", "let the container run while its files are read"}},
                       .fewest = 1,
                       .most = 1},
            .run = exportContainer};
}

} // namespace rocker::cli
