#pragma once

#include "engine/layers/layer_index.h"

namespace rocker::layers {

enum class Change : std::uint8_t {
    None,
    Added,
    Changed, // the layer has a copy of its own; of a directory: another mode, owner or extended attributes
    Removed,
};

// What is seen of an image at one of its layers: the merged tree of that layer and all below, each node with what that
// layer has done to it. What it has removed is there as well, marked. A snapshot; nodes are numbers.
class ImageTree
{
public:
    enum class Scope {
        Layer,  // only what the layer touches, and the directories on the way there
        UpTo,   // everything there is up to it
    };
    // `layers` lowest first, as many as there are; `layer` one of them.
    ImageTree(std::vector<LayerIndex> layers, std::size_t layer, Scope scope);

    static constexpr std::uint32_t none = 0xffffffff;
    struct Node {
        std::uint32_t parent = none;
        std::uint32_t firstChild = none; // children are neighbours, sorted by name
        std::uint32_t childCount = 0;
        std::uint32_t record = 0;  // in the index of `layer`
        std::uint16_t layer = 0;   // which one made what is seen; of a removed one the last that had it
        Change change = Change::None;
        bool below = false;        // something below has a change
        std::uint32_t files = 0;   // below it or itself, without directories and what is removed
        std::uint64_t size = 0;    // bytes, with everything below, without what is removed; hard links once
        std::uint64_t removed = 0; // bytes of what is removed, with everything below
    };

    static constexpr std::uint32_t root = 0;
    std::uint32_t size() const { return std::uint32_t(m_nodes.size()); }
    const Node& at(std::uint32_t node) const { return m_nodes[node]; }
    const Record& record(std::uint32_t node) const;
    std::string_view name(std::uint32_t node) const;
    std::string_view link(std::uint32_t node) const;
    std::string path(std::uint32_t node) const;
    std::uint32_t find(std::string_view path) const; // or none
    const std::vector<LayerIndex>& layers() const { return m_layers; }

private:
    friend class TreeBuilder;
    std::vector<LayerIndex> m_layers;
    std::vector<Node> m_nodes;
};

} // namespace rocker::layers
