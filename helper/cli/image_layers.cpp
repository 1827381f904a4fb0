#include "helper/cli/image_contents.h"

namespace rocker::cli {

using namespace protocol;

namespace {

// The steps that made layers, one for each; empty when the image's history does not tell as many.
std::vector<ImageStep> stepsOf(const ImageDetails& details)
{
    std::vector<ImageStep> steps;
    for (const ImageStep& step : details.history)
        if (!step.emptyLayer)
            steps.push_back(step);
    return steps.size() == details.layers.size() ? steps : std::vector<ImageStep>(details.layers.size());
}

Result<int> imageLayers(const Context& context, const Arguments& arguments)
{
    const std::string& name = arguments.operands()[0];
    const ImageDetails details = isPath(name) ? TRY(readContents(context, name)).image.details
                                              : TRY(TRY(context.connect()).call<InspectImage>({name})).details;
    const std::vector<ImageStep> steps = stepsOf(details);
    const std::size_t width = arguments.has("no-trunc") ? std::string::npos : 80;
    Table table({"LAYER", "SIZE", "FILES", "CREATED", "COMMAND"});
    json::Value rows = json::Value::array();
    for (std::size_t i = 0; i < details.layers.size(); ++i) {
        const ImageLayer& layer = details.layers[i];
        const std::string age = ageOf(steps[i].createdAt);
        table.add({std::to_string(i + 1), sizeText(layer.size), std::to_string(layer.files), age.empty() ? "" : age + " ago",
                   shortened(layer.createdBy, width)});
        json::Value row = json::write(layer);
        row["layer"] = i + 1;
        row["createdAt"] = steps[i].createdAt;
        rows.push_back(std::move(row));
    }
    print(arguments.has("json") ? json::dumpPretty(rows) : table.text());
    return 0;
}

} // namespace

Command imageLayersCommand()
{
    return {.syntax = {.names = {"image layers", "image history"},
                       .operands = "IMAGE",
                       .summary = "List an image's layers, the lowest first.",
                       .options = {{0, "no-trunc", "", "nothing shortened"}, {0, "json", "", "as JSON"}},
                       .fewest = 1,
                       .most = 1},
            .run = imageLayers};
}

} // namespace rocker::cli
