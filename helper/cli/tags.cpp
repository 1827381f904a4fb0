#include "helper/cli/auth_file.h"
#include "helper/cli/command.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> tags(const Context& context, const Arguments& arguments)
{
    const ListTags::Parameters parameters{
        .repository = arguments.operands()[0], .authFile = TRY(authFileOf(arguments))};
    for (const std::string& tag : TRY(TRY(context.connect()).call<ListTags>(parameters)).tags)
        print(tag + "\n");
    return 0;
}

} // namespace

Command tagsCommand()
{
    return {.syntax = {.names = {"tags", "image tags"},
                       .operands = "REPOSITORY",
                       .summary = "List the tags that a registry has of an image.",
                       .options = {authFileOption},
                       .fewest = 1,
                       .most = 1},
            .run = tags};
}

} // namespace rocker::cli
