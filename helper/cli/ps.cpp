#include "helper/cli/command.h"

#include <algorithm>

namespace rocker::cli {

using namespace protocol;

namespace {

std::string commandText(const Container& container)
{
    std::string text;
    for (const std::string& word : container.command)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

bool isUp(const Container& container)
{
    return container.state == ContainerState::Running || container.state == ContainerState::Paused
        || container.state == ContainerState::Restarting;
}

Table tableOf(const std::vector<Container>& containers, bool whole)
{
    Table table({"CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "NAMES"});
    for (const Container& container : containers) {
        const std::string command = commandText(container);
        table.add({whole ? container.id : shortId(container.id), container.image,
                   '"' + (whole ? command : shortened(command, 20)) + '"', ageOf(container.createdAt) + " ago",
                   statusOf(container), container.name});
    }
    return table;
}

Result<int> ps(const Context& context, const Arguments& arguments)
{
    if (arguments.valueOr("format", "json") != "json")
        return fail(ErrorCode::InvalidArgument, "--format: only 'json' is known");
    auto containers = TRY(TRY(context.connect()).call<List>({})).containers;
    if (!arguments.has("all"))
        std::erase_if(containers, [](const Container& container) { return !isUp(container); });
    const bool whole = arguments.has("no-trunc");
    if (!arguments.has("quiet") && !arguments.has("format"))
        print(tableOf(containers, whole).text());
    else
        for (const Container& container : containers)
            print((arguments.has("format") ? json::dump(json::write(container))
                       : whole             ? container.id
                                           : shortId(container.id))
                  + "\n");
    return 0;
}

} // namespace

Command psCommand()
{
    return {.syntax = {.names = {"ps", "list"},
                       .operands = "",
                       .summary = "List the containers that run.",
                       .options = {{'a', "all", "", "those too that do not run"},
                                   {'q', "quiet", "", "only IDs"},
                                   {0, "no-trunc", "", "nothing shortened"},
                                   {0, "format", "json", "one JSON object a line"}}},
            .run = ps};
}

} // namespace rocker::cli
