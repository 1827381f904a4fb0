#include "engine/layers/path_walk.h"

#include <algorithm>
#include <vector>

namespace rocker::layers {

namespace {

constexpr int linksLimit = 40; // as many as the kernel follows

// The names of `path`, to be taken from the back, on top of those in `steps`.
void putFirst(std::vector<std::string_view>& steps, std::string_view path)
{
    const std::size_t before = steps.size();
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        if (const std::string_view step = path.substr(0, end); !step.empty() && step != ".")
            steps.push_back(step);
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    std::reverse(steps.begin() + std::ptrdiff_t(before), steps.end());
}

} // namespace

std::uint32_t childNamed(const ImageTree& tree, std::uint32_t directory, std::string_view name)
{
    // Sorted by name.
    const ImageTree::Node& node = tree.at(directory);
    std::uint32_t first = node.firstChild;
    std::uint32_t count = node.childCount;
    while (count > 0) {
        const std::uint32_t half = count / 2;
        if (tree.name(first + half) < name) {
            first += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    const bool found = first < node.firstChild + node.childCount && tree.name(first) == name;
    return found && tree.at(first).change != Change::Removed ? first : ImageTree::none;
}

Result<std::uint32_t> walkPath(const ImageTree& tree, std::string_view path, LastLink last)
{
    std::vector<std::string_view> steps;
    putFirst(steps, path);
    std::uint32_t place = ImageTree::root;
    for (int links = 0; !steps.empty();) {
        const std::string_view step = steps.back();
        steps.pop_back();
        if (step == "..") {
            place = place == ImageTree::root ? place : tree.at(place).parent;
            continue;
        }
        const std::uint32_t next = childNamed(tree, place, step);
        if (next == ImageTree::none)
            return fail(ErrorCode::NotFound, "the image has no '{}'", path);
        if (tree.record(next).kind != Kind::Symlink || (steps.empty() && last == LastLink::Keep)) {
            place = next;
            continue;
        }
        if (++links > linksLimit)
            return fail(ErrorCode::InvalidArgument, "'{}' leads through too many links", path);
        const std::string_view target = tree.link(next);
        if (target.starts_with('/'))
            place = ImageTree::root;
        putFirst(steps, target);
    }
    return place;
}

} // namespace rocker::layers
