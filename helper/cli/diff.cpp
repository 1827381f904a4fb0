#include "helper/cli/image_contents.h"

namespace rocker::cli {

namespace {

using layers::Change;
using layers::ImageTree;

// As docker diff marks them.
char letterOf(Change change)
{
    return change == Change::Added ? 'A' : change == Change::Removed ? 'D' : 'C';
}

// Of what was removed the topmost, of everything else all, in the order of the paths.
void collect(const ImageTree& tree, std::uint32_t node, std::vector<std::uint32_t>& changed)
{
    const ImageTree::Node& directory = tree.at(node);
    for (std::uint32_t i = 0; i < directory.childCount; ++i) {
        const std::uint32_t child = directory.firstChild + i;
        if (tree.at(child).change != Change::None)
            changed.push_back(child);
        if (tree.at(child).change != Change::Removed)
            collect(tree, child, changed);
    }
}

Result<int> diff(const Context& context, const Arguments& arguments)
{
    ImageContents contents = TRY(readChanges(context, arguments.operands()[0]));
    const std::size_t last = contents.layers.size() - 1;
    const ImageTree tree(std::move(contents.layers), last, ImageTree::Scope::Layer);
    std::vector<std::uint32_t> changed;
    collect(tree, ImageTree::root, changed);
    std::string lines;
    json::Value rows = json::Value::array();
    for (const std::uint32_t node : changed) {
        const std::string path = "/" + tree.path(node);
        lines += std::format("{} {}\n", letterOf(tree.at(node).change), path);
        rows.push_back({{"path", path}, {"change", changeName(tree.at(node).change)}, {"kind", kindName(tree.record(node).kind)},
                        {"size", tree.record(node).stored()}});
    }
    print(arguments.has("json") ? json::dumpPretty(rows) : lines);
    return 0;
}

} // namespace

Command diffCommand()
{
    return {.syntax = {.names = {"diff"},
                       .operands = "CONTAINER",
                       .summary = "List what a container has changed of its image: added (A), changed (C), removed (D).",
                       .options = {{0, "json", "", "as JSON"}},
                       .fewest = 1,
                       .most = 1},
            .run = diff};
}

} // namespace rocker::cli
