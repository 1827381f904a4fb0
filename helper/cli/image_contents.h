#pragma once

#include "engine/layers/image_tree.h"
#include "helper/cli/command.h"

#include <string>
#include <vector>

namespace rocker::cli {

// An image with the indexes of all of its layers, lowest first.
struct ImageContents {
    protocol::InspectImage::Reply image;
    std::vector<layers::LayerIndex> layers;

    // The last layer's tree over all others. FailedPrecondition for an image without layers.
    Result<layers::ImageTree> whole() const;
};
Result<ImageContents> readContents(const Context& context, const std::string& image);

// The same of a container: its changes are the last layer.
Result<ImageContents> readChanges(const Context& context, const std::string& container);

// A layer's number as it was typed.
Result<std::size_t> parseLayer(const std::string& text, std::size_t layers);

std::string_view kindName(layers::Kind kind);
// "drwxr-xr-x"
std::string modeText(const layers::Record& record);
// "added", "changed", "removed", empty for none; and as one character.
std::string_view changeName(layers::Change change);
std::string_view changeMark(layers::Change change);

} // namespace rocker::cli
