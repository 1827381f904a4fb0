#include "engine/layers/waste.h"
#include "helper/cli/image_contents.h"

namespace rocker::cli {

namespace {

std::string layerList(const std::vector<std::uint16_t>& layers)
{
    std::string text;
    for (const std::uint16_t layer : layers)
        text += (text.empty() ? "" : ", ") + std::to_string(layer + 1);
    return text;
}

std::string wasteText(const layers::Waste& waste)
{
    std::string text;
    if (!waste.files.empty()) {
        Table table({"WASTED", "IN LAYER", "HIDDEN BY", "PATH"});
        for (const layers::WastedFile& file : waste.files)
            table.add({sizeText(std::int64_t(file.wasted)), layerList(file.copies),
                       std::format("{} ({})", file.hiddenBy + 1, file.removed ? "removed" : "replaced"), "/" + file.path});
        text += table.text() + "\n";
    }
    if (!waste.duplicates.empty()) {
        Table table({"TWICE", "PATHS WITH THE SAME CONTENT"});
        for (const layers::Duplicates& same : waste.duplicates)
            for (const std::string& path : same.paths)
                table.add({&path == &same.paths.front() ? sizeText(std::int64_t(same.wasted())) : "", "/" + path});
        text += table.text() + "\n";
    }
    return text + std::format("{} of {} are hidden: efficiency {:.4f}\n", sizeText(std::int64_t(waste.wasted)),
                              sizeText(std::int64_t(waste.total)), waste.efficiency());
}

json::Value wasteJson(const layers::Waste& waste)
{
    json::Value files = json::Value::array();
    for (const layers::WastedFile& file : waste.files) {
        json::Value copies = json::Value::array();
        for (const std::uint16_t layer : file.copies)
            copies.push_back(layer + 1);
        files.push_back({{"path", "/" + file.path}, {"wasted", file.wasted}, {"layers", std::move(copies)},
                         {"hiddenBy", file.hiddenBy + 1}, {"removed", file.removed}});
    }
    json::Value duplicates = json::Value::array();
    for (const layers::Duplicates& same : waste.duplicates) {
        json::Value paths = json::Value::array();
        for (const std::string& path : same.paths)
            paths.push_back("/" + path);
        duplicates.push_back({{"size", same.size}, {"wasted", same.wasted()}, {"paths", std::move(paths)}});
    }
    return {{"total", waste.total}, {"wasted", waste.wasted}, {"efficiency", waste.efficiency()},
            {"files", std::move(files)}, {"duplicates", std::move(duplicates)}};
}

Result<int> imageWaste(const Context& context, const Arguments& arguments)
{
    const layers::Waste waste = layers::wasteOf(TRY(readContents(context, arguments.operands()[0])).layers);
    print(arguments.has("json") ? json::dumpPretty(wasteJson(waste)) : wasteText(waste));
    return 0;
}

} // namespace

Command imageWasteCommand()
{
    return {.syntax = {.names = {"image waste"},
                       .operands = "IMAGE",
                       .summary = "Tell which bytes an image carries that nobody can see, and which it has twice.",
                       .options = {{0, "json", "", "as JSON"}},
                       .fewest = 1,
                       .most = 1},
            .run = imageWaste};
}

} // namespace rocker::cli
