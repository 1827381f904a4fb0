#pragma once

#include "engine/layers/image_tree.h"

#include <string>
#include <vector>

namespace rocker::gui {

// What one layer did to a path.
struct PathVersion {
    std::uint16_t layer = 0;
    layers::Change change = layers::Change::None;
    std::uint32_t record = 0; // in the layer's index; of Removed none
    bool withDirectory = false; // removed because a directory above it was, or became something else
};

// Every layer that has or removes it, lowest first.
std::vector<PathVersion> historyOf(const std::vector<layers::LayerIndex>& layers, const std::string& path);

} // namespace rocker::gui
