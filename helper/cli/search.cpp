#include "helper/cli/auth_file.h"
#include "helper/cli/command.h"
#include "helper/cli/values.h"

namespace rocker::cli {

using namespace protocol;

namespace {

constexpr std::size_t descriptionWidth = 60;

Result<int> search(const Context& context, const Arguments& arguments)
{
    const SearchImages::Parameters parameters{.term = arguments.operands()[0],
        .limit = TRY(parseInteger(arguments.valueOr("limit", "25"), 1, 100), "--limit"),
        .authFile = TRY(authFileOf(arguments))};
    const auto found = TRY(TRY(context.connect()).call<SearchImages>(parameters)).images;
    if (arguments.has("quiet")) {
        for (const SearchImages::Found& image : found)
            print(image.name + "\n");
        return 0;
    }
    Table table({"NAME", "DESCRIPTION", "STARS", "OFFICIAL"});
    for (const SearchImages::Found& image : found)
        table.add({image.name, shortened(image.description, descriptionWidth),
            image.stars > 0 ? std::to_string(image.stars) : "", image.official ? "yes" : ""});
    print(table.text());
    return 0;
}

} // namespace

Command searchCommand()
{
    return {.syntax = {.names = {"search", "image search"},
                .operands = "[REGISTRY/]TERM",
                .summary = "Look for images in a registry.",
                .options = {{'q', "quiet", "", "print names only"},
                    {0, "limit", "NUMBER", "at most so many, 25 by itself"}, authFileOption},
                .fewest = 1,
                .most = 1},
        .run = search};
}

} // namespace rocker::cli
