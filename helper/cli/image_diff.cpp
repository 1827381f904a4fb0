#include "engine/layers/comparison.h"
#include "helper/cli/image_contents.h"

namespace rocker::cli {

namespace {

std::vector<std::string> aspectsOf(const layers::Difference& difference)
{
    std::vector<std::string> names;
    const auto name = [&](bool differs, const char* what) {
        if (differs)
            names.emplace_back(what);
    };
    name(difference.kind, "kind");
    name(difference.content, "content");
    name(difference.mode, "mode");
    name(difference.owner, "owner");
    name(difference.time, "time");
    name(difference.link, "link");
    name(difference.xattrs, "attributes");
    return names;
}

std::string sizeIn(const layers::ImageTree& tree, std::uint32_t node)
{
    return node == layers::ImageTree::none ? "" : sizeText(std::int64_t(tree.record(node).stored()));
}

Result<int> imageDiff(const Context& context, const Arguments& arguments)
{
    const layers::ImageTree first = TRY(TRY(readContents(context, arguments.operands()[0])).whole());
    const layers::ImageTree second = TRY(TRY(readContents(context, arguments.operands()[1])).whole());
    Table table({" ", "BEFORE", "AFTER", "PATH", "WHAT"});
    json::Value rows = json::Value::array();
    for (const layers::Difference& difference : layers::compare(first, second, arguments.has("times"))) {
        const std::vector<std::string> aspects = aspectsOf(difference);
        std::string what;
        for (const std::string& aspect : aspects)
            what += (what.empty() ? "" : ", ") + aspect;
        table.add({std::string(changeMark(difference.change)), sizeIn(first, difference.first),
                   sizeIn(second, difference.second), "/" + difference.path, what});
        rows.push_back({{"path", "/" + difference.path},
                        {"change", changeName(difference.change)},
                        {"what", json::write(aspects)}});
    }
    print(arguments.has("json") ? json::dumpPretty(rows) : rows.empty() ? "no difference\n" : table.text());
    return 0;
}

} // namespace

Command imageDiffCommand()
{
    return {.syntax = {.names = {"image diff"},
                       .operands = "IMAGE IMAGE",
                       .summary = "Tell in which files two images differ: only in the second (+) or first (-), or both (~).",
                       .options = {{0, "times", "", "modification times count as well"}, {0, "json", "", "as JSON"}},
                       .fewest = 2,
                       .most = 2},
            .run = imageDiff};
}

} // namespace rocker::cli
