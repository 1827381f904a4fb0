#include "helper/cli/image_contents.h"
#include "helper/cli/values.h"

#include <algorithm>

namespace rocker::cli {

using layers::Change;
using layers::ImageTree;

namespace {

struct TreeView {
    bool changesOnly = false;
    bool bySize = false;
    std::int64_t depth = 0;
};

// What a node weighs, whether it is seen or has been removed.
std::uint64_t weightOf(const ImageTree::Node& node)
{
    return node.size + node.removed;
}

std::vector<std::uint32_t> shownBelow(const ImageTree& tree, std::uint32_t directory, const TreeView& view)
{
    const ImageTree::Node& node = tree.at(directory);
    std::vector<std::uint32_t> shown;
    for (std::uint32_t child = node.firstChild; child < node.firstChild + node.childCount; ++child)
        if (!view.changesOnly || tree.at(child).change != Change::None || tree.at(child).below)
            shown.push_back(child);
    if (view.bySize)
        std::ranges::stable_sort(shown, std::greater(), [&](std::uint32_t child) { return weightOf(tree.at(child)); });
    return shown;
}

// Calls `show` with every node that is to be seen and how deep it lies, top down.
template<typename Show>
void walkTree(const ImageTree& tree, const TreeView& view, Show show)
{
    struct Place {
        std::uint32_t node;
        std::int64_t depth;
    };
    std::vector<Place> open{{ImageTree::root, 0}};
    while (!open.empty()) {
        const Place place = open.back();
        open.pop_back();
        show(place.node, place.depth);
        if (place.depth == view.depth)
            continue;
        const std::vector<std::uint32_t> below = shownBelow(tree, place.node, view);
        for (auto child = below.rbegin(); child != below.rend(); ++child)
            open.push_back({*child, place.depth + 1});
    }
}

std::string shownName(const ImageTree& tree, std::uint32_t node)
{
    if (node == ImageTree::root)
        return "/";
    const layers::Record& record = tree.record(node);
    std::string name(tree.name(node));
    if (record.kind == layers::Kind::Directory)
        name += '/';
    else if (record.kind == layers::Kind::Symlink)
        name += std::format(" -> {}", tree.link(node));
    else if (record.is(layers::Record::hardLink))
        name += std::format(" = /{}", tree.link(node));
    return name;
}

std::string treeText(const ImageTree& tree, const TreeView& view)
{
    Table table({" ", "MODE", "OWNER", "SIZE", "LAYER", "NAME"});
    walkTree(tree, view, [&](std::uint32_t number, std::int64_t depth) {
        const ImageTree::Node& node = tree.at(number);
        const layers::Record& record = tree.record(number);
        table.add({std::string(changeMark(node.change)), modeText(record), std::format("{}:{}", record.uid, record.gid),
                   sizeText(std::int64_t(node.change == Change::Removed ? node.removed : node.size)),
                   std::to_string(node.layer + 1), std::string(std::size_t(depth) * 2, ' ') + shownName(tree, number)});
    });
    return table.text();
}

json::Value treeJson(const ImageTree& tree, const TreeView& view)
{
    json::Value rows = json::Value::array();
    walkTree(tree, view, [&](std::uint32_t number, std::int64_t) {
        const ImageTree::Node& node = tree.at(number);
        const layers::Record& record = tree.record(number);
        json::Value row{{"path", "/" + tree.path(number)},
                        {"kind", kindName(record.kind)},
                        {"change", changeName(node.change)},
                        {"layer", node.layer + 1},
                        {"mode", record.mode},
                        {"uid", record.uid},
                        {"gid", record.gid},
                        {"size", node.size},
                        {"removed", node.removed},
                        {"modified", record.seconds}};
        if (record.linkLength > 0)
            row["link"] = tree.link(number);
        rows.push_back(std::move(row));
    });
    return rows;
}

Result<int> imageTree(const Context& context, const Arguments& arguments)
{
    const std::string sort = arguments.valueOr("sort", "name");
    TreeView view{.changesOnly = arguments.has("changes"), .bySize = sort == "size", .depth = -1};
    if (sort != "size" && sort != "name")
        return fail(ErrorCode::InvalidArgument, "--sort: 'size' or 'name'");
    if (const auto depth = arguments.value("depth"))
        view.depth = TRY(parseInteger(*depth, 0, 1'000'000), "--depth");
    const auto single = arguments.value("layer");
    const auto upTo = arguments.value("up-to");
    if (single && upTo)
        return fail(ErrorCode::InvalidArgument, "--layer and --up-to: one of them");
    const ImageContents contents = TRY(readContents(context, arguments.operands()[0]));
    const std::size_t count = contents.layers.size();
    const std::string last = std::to_string(count);
    const std::size_t layer = TRY(parseLayer(single ? *single : upTo.value_or(last), count));
    const ImageTree tree(contents.layers, layer, single ? ImageTree::Scope::Layer : ImageTree::Scope::UpTo);
    print(arguments.has("json") ? json::dumpPretty(treeJson(tree, view)) : treeText(tree, view));
    return 0;
}

} // namespace

Command imageTreeCommand()
{
    return {.syntax = {.names = {"image tree"},
                       .operands = "IMAGE",
                       .summary = "Show the files of an image, and what a layer adds (+), changes (~) and removes (-).",
                       .options = {{0, "layer", "N", "only what this layer touches; the lowest is 1"},
                                   {0, "up-to", "N", "all there is up to this layer, else the last"},
                                   {0, "changes", "", "only what the layer changes"},
                                   {0, "sort", "size|name", "name if not given"},
                                   {0, "depth", "N", "not deeper than this"},
                                   {0, "json", "", "as JSON"}},
                       .fewest = 1,
                       .most = 1},
            .run = imageTree};
}

} // namespace rocker::cli
