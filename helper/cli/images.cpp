#include "helper/cli/command.h"

namespace rocker::cli {

using namespace protocol;

namespace {

void addRows(Table& table, const Image& image, bool whole)
{
    const std::string id = whole ? image.id : shortId(image.id);
    const auto addRow = [&](std::string name, std::string tag) {
        table.add({std::move(name), std::move(tag), id, ageOf(image.createdAt) + " ago", sizeText(image.size)});
    };
    for (const std::string& reference : image.references) {
        const std::size_t colon = reference.rfind(':');
        addRow(reference.substr(0, colon), colon == reference.npos ? "" : reference.substr(colon + 1));
    }
    if (image.references.empty())
        addRow("<none>", "<none>");
}

Result<int> images(const Context& context, const Arguments& arguments)
{
    if (arguments.valueOr("format", "json") != "json")
        return fail(ErrorCode::InvalidArgument, "--format: only 'json' is known");
    const auto all = TRY(TRY(context.connect()).call<ListImages>({})).images;
    const bool whole = arguments.has("no-trunc");
    Table table({"REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"});
    for (const Image& image : all) {
        if (arguments.has("format"))
            print(json::dump(json::write(image)) + "\n");
        else if (arguments.has("quiet"))
            print((whole ? image.id : shortId(image.id)) + "\n");
        else
            addRows(table, image, whole);
    }
    if (!arguments.has("format") && !arguments.has("quiet"))
        print(table.text());
    return 0;
}

} // namespace

Command imagesCommand()
{
    return {.syntax = {.names = {"images", "image list", "image ls"},
                       .operands = "",
                       .summary = "List the images.",
                       .options = {{'q', "quiet", "", "only IDs"},
                                   {0, "no-trunc", "", "nothing shortened"},
                                   {0, "format", "json", "one JSON object a line"}}},
            .run = images};
}

} // namespace rocker::cli
