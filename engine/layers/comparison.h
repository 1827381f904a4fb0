#pragma once

#include "engine/layers/image_tree.h"

namespace rocker::layers {

// One path that two trees do not agree about.
struct Difference {
    std::string path;
    Change change = Change::Changed; // Added: only in the second; Removed: only in the first
    std::uint32_t first = ImageTree::none;  // the node in the first tree
    std::uint32_t second = ImageTree::none; // in the second
    bool kind = false, content = false, mode = false, owner = false, time = false, link = false, xattrs = false; // what of it
};

// In the order of the paths. A directory that is only on one side is one difference, and so is each thing in it. Times
// alone make a difference only when asked for; those of directories never do.
std::vector<Difference> compare(const ImageTree& first, const ImageTree& second, bool times = false);

} // namespace rocker::layers
