#pragma once

#include "gui/layers/tree_filter.h"

#include <QRectF>

namespace rocker::gui {

// Per node the bytes that its rectangle stands for: of what the filter finds, with everything below.
std::vector<std::uint64_t> treemapWeights(const layers::ImageTree& tree, const FilteredTree& result);

struct TreemapTile {
    QRectF rect;
    std::uint32_t node = 0;
    int depth = 0;
    bool parted = false; // what is in it has tiles of its own, which come later
};

struct TreemapStyle {
    qreal least = 4; // edges of a tile: what is smaller has none
    qreal margin = 2; // around what is in a directory
    qreal caption = 0; // above it, where there is room
};

// What is below `root` in `area`, squarified (Bruls, Huizing, van Wijk, "Squarified Treemaps", 2000): areas are in
// proportion within a directory, and as near to squares as may be. Parents before what is in them.
std::vector<TreemapTile> treemapTiles(const layers::ImageTree& tree, const std::vector<std::uint64_t>& weights,
    std::uint32_t root, const QRectF& area, const TreemapStyle& style);

} // namespace rocker::gui
