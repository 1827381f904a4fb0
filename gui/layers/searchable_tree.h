#pragma once

#include "engine/layers/image_tree.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rocker::gui {

// A tree with its paths in one piece, ready to be searched at every keystroke. Immutable; made off the window's thread.
class SearchableTree
{
public:
    SearchableTree(std::vector<layers::LayerIndex> layers, std::size_t layer, layers::ImageTree::Scope scope);

    const layers::ImageTree& tree() const { return m_tree; }
    // In small letters (of ASCII), components joined by slashes; only the name where all paths together would be too
    // long.
    std::string_view path(std::uint32_t node) const
    {
        return std::string_view(m_text).substr(m_starts[node], m_starts[node + 1] - m_starts[node]);
    }
    std::string_view name(std::uint32_t node) const
    {
        return path(node).substr(path(node).size() - m_tree.name(node).size());
    }

    static constexpr std::size_t textLimit = 256 << 20;

private:
    bool writePaths();
    void writeNames();

    layers::ImageTree m_tree;
    std::string m_text;
    std::vector<std::uint32_t> m_starts;
};

using SharedTree = std::shared_ptr<const SearchableTree>;

} // namespace rocker::gui
