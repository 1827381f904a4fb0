#include "helper/cli/download.h"
#include "helper/cli/output_file.h"

#include <unistd.h>

namespace rocker::cli {

namespace {

Result<> saveInto(const Context& context, const protocol::SaveImages::Parameters& parameters, int descriptor)
{
    const auto write = [descriptor](std::string_view piece) { return writeFully(descriptor, piece); };
    return download<protocol::SaveImages>(context, parameters, write);
}

Result<int> save(const Context& context, const Arguments& arguments)
{
    const protocol::SaveImages::Parameters parameters{arguments.operands()};
    const std::string path = arguments.valueOr("output", "-");
    if (path == "-" && ::isatty(STDOUT_FILENO))
        return fail(ErrorCode::InvalidArgument, "an archive is nothing for a terminal: give a file with -o");
    TRY(writeOutput(path, [&](int descriptor) { return saveInto(context, parameters, descriptor); }), "save");
    return 0;
}

} // namespace

Command saveCommand()
{
    return {.syntax = {.names = {"save", "image save"},
                       .operands = "IMAGE…",
                       .summary = "Write images as one tar that is an OCI layout and a docker-archive.",
                       .options = {{'o', "output", "FILE", "where to, else standard output"}},
                       .fewest = 1,
                       .most = Syntax::anyNumber},
            .run = save};
}

} // namespace rocker::cli
