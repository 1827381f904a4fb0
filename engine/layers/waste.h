#pragma once

#include "engine/layers/layer_index.h"

namespace rocker::layers {

// Bytes that an image carries and nobody can see: files that a later layer overwrites or removes. The copy that is seen
// in the end is not wasted.
struct WastedFile {
    std::string path;
    std::uint64_t wasted = 0;         // bytes, of all hidden copies
    std::vector<std::uint16_t> copies; // the layers that carry a hidden one, lowest first
    std::uint16_t hiddenBy = 0;       // the layer that hides the last of them
    bool removed = false;             // nothing of it is seen in the end
};

// Files with the same content under several paths, as seen in the end; hard links are one file.
struct Duplicates {
    std::uint64_t size = 0; // of one
    std::vector<std::string> paths;
    std::uint64_t wasted() const { return size * (paths.size() - 1); }
};

struct Waste {
    std::uint64_t total = 0;  // bytes in all layers
    std::uint64_t wasted = 0; // of them hidden
    std::vector<WastedFile> files;      // largest first
    std::vector<Duplicates> duplicates; // largest waste first; not counted in `wasted`
    // 1 when every byte is seen; of N copies of a path N-1 count against it.
    double efficiency() const { return total == 0 ? 1.0 : 1.0 - double(wasted) / double(total); }
};

// `layers` lowest first. Content of less than `duplicateSize` bytes is not searched for duplicates.
Waste wasteOf(const std::vector<LayerIndex>& layers, std::uint64_t duplicateSize = 4096);

} // namespace rocker::layers
