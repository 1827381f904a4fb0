#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace rocker::gui {

// The ID of a container's content as a LayerSource takes it for files: those of its image's layers, then its own.
struct ContainerFiles {
    std::string container;
    std::string image;
    std::size_t layers = 0; // of the image
};
std::string containerFiles(const std::string& container, const std::string& image, std::size_t layers);
std::optional<ContainerFiles> containerFilesOf(const std::string& id);

} // namespace rocker::gui
