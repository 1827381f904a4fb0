#include "engine/layers/comparison.h"
#include "helper/cli/image_contents.h"

namespace rocker::cli {

namespace {

std::string sizeIn(const layers::ImageTree& tree, std::uint32_t node)
{
    return node == layers::ImageTree::none ? "" : sizeText(std::int64_t(tree.record(node).stored()));
}

// The tree of a whole image, or of the one layer that was asked for.
Result<layers::ImageTree> treeOf(const ImageContents& contents, const std::optional<std::string>& layer)
{
    if (!layer)
        return contents.whole();
    const std::size_t number = TRY(parseLayer(*layer, contents.layers.size()));
    return layers::ImageTree({contents.layers[number]}, 0, layers::ImageTree::Scope::UpTo);
}

std::string sideName(const std::string& subject, const std::optional<std::string>& layer)
{
    return layer ? std::format("{}, layer {}", subject, *layer) : subject;
}

std::string tableText(const layout::Side& first, const layout::Side& second, const std::vector<layers::Difference>& differences)
{
    Table files({" ", "BEFORE", "AFTER", "PATH", "WHAT"});
    for (const layers::Difference& difference : differences)
        files.add({std::string(changeMark(difference.change)), sizeIn(first.tree, difference.first),
                   sizeIn(second.tree, difference.second), "/" + difference.path,
                   difference.change == layers::Change::Changed ? layout::whatDiffers(first, second, difference) : ""});
    std::string text = differences.empty() ? "" : files.text();
    const auto settings = layout::compareSettings(first.settings, second.settings);
    Table configuration({" ", "SETTING", "BEFORE", "AFTER"});
    for (const layout::SettingDifference& setting : settings)
        configuration.add({!setting.first ? "+" : setting.second ? "~" : "-", setting.name, setting.before, setting.after});
    if (!settings.empty())
        text += (text.empty() ? "" : "\n") + configuration.text();
    return text.empty() ? "no difference\n" : text;
}

Result<int> imageDiff(const Context& context, const Arguments& arguments)
{
    const auto oneLayer = arguments.value("layer");
    const auto otherLayer = arguments.value("other-layer");
    if (arguments.has("json") && arguments.has("html"))
        return fail(ErrorCode::InvalidArgument, "--json and --html: one of them");
    const ImageContents one = TRY(readContents(context, arguments.operands()[0]));
    const ImageContents other = TRY(readContents(context, arguments.operands()[1]));
    const layers::ImageTree oneTree = TRY(treeOf(one, oneLayer), "'{}'", arguments.operands()[0]);
    const layers::ImageTree otherTree = TRY(treeOf(other, otherLayer), "'{}'", arguments.operands()[1]);
    // A layer has no configuration, and neither has a file system.
    const auto configured = [](const ImageContents& contents) { return !contents.archive || !contents.archive->isFileSystem(); };
    const bool settings = !oneLayer && !otherLayer && configured(one) && configured(other);
    const layout::Settings none;
    const layout::Settings oneSettings = settings ? one.settings() : none;
    const layout::Settings otherSettings = settings ? other.settings() : none;
    const layout::Side first{sideName(arguments.operands()[0], oneLayer), oneTree, oneSettings};
    const layout::Side second{sideName(arguments.operands()[1], otherLayer), otherTree, otherSettings};
    const auto differences = layers::compare(oneTree, otherTree, arguments.has("times"));
    if (arguments.has("json"))
        print(layout::writeReport(first, second, differences, layout::ReportForm::Json));
    else if (arguments.has("html"))
        print(layout::writeReport(first, second, differences, layout::ReportForm::Html));
    else
        print(tableText(first, second, differences));
    return 0;
}

} // namespace

Command imageDiffCommand()
{
    return {.syntax = {.names = {"image diff"},
                       .operands = "IMAGE IMAGE",
                       .summary = "Tell in what two images, containers or archives differ: only in the second (+) or first (-), or both (~).",
                       .options = {{0, "layer", "N", "only this layer of the first; the lowest is 1"},
                                   {0, "other-layer", "N", "only this layer of the second"},
                                   {0, "times", "", "modification times count as well"},
                                   {0, "json", "", "as JSON"},
                                   {0, "html", "", "as an HTML page"}},
                       .fewest = 2,
                       .most = 2},
            .run = imageDiff};
}

} // namespace rocker::cli
