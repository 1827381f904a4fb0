#include "helper/cli/command.h"

namespace rocker::cli {

using namespace protocol;

namespace {

Result<int> info(const Context& context, const Arguments& arguments)
{
    const auto info = TRY(TRY(context.connect()).call<Info>({}));
    if (arguments.has("format")) {
        print(json::dump(json::write(info)) + "\n");
        return 0;
    }
    print(std::format("Helper:      {}\nState:       {}\nKernel:      {}\nCgroups:     {}\nProcessors:  {}\nMemory:      {}\n",
                      info.version, info.stateDirectory, info.kernel, info.cgroups, info.processors,
                      sizeText(info.memory)));
    return 0;
}

// The helper's version too, where it can be reached.
Result<int> version(const Context& context, const Arguments&)
{
    print("rocker         " ROCKER_VERSION "\n");
    const auto helper = TRY(TRY(context.connect()).call<Info>({}));
    print(std::format("rocker-helper  {}\n", helper.version));
    return 0;
}

} // namespace

Command infoCommand()
{
    return {.syntax = {.names = {"info"},
                       .operands = "",
                       .summary = "Tell what the helper is and what this machine offers it.",
                       .options = {{0, "format", "json", "one JSON object"}}},
            .run = info};
}

Command versionCommand()
{
    return {.syntax = {.names = {"version"}, .operands = "", .summary = "Print the versions of this command and the helper.", .options = {}},
            .run = version};
}

} // namespace rocker::cli
