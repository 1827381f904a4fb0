#include "gui/layers/container_files.h"

#include <charconv>

namespace rocker::gui {

static constexpr std::string_view prefix = "files:";

std::string containerFiles(const std::string& container, const std::string& image, std::size_t layers)
{
    return std::string(prefix) + std::to_string(layers) + "/" + container + "/" + image;
}

std::optional<ContainerFiles> containerFilesOf(const std::string& id)
{
    if (!id.starts_with(prefix))
        return std::nullopt;
    const std::size_t container = id.find('/');
    const std::size_t image = container == id.npos ? id.npos : id.find('/', container + 1);
    if (image == id.npos)
        return std::nullopt;
    ContainerFiles files{id.substr(container + 1, image - container - 1), id.substr(image + 1)};
    std::from_chars(id.data() + prefix.size(), id.data() + container, files.layers);
    return files;
}

} // namespace rocker::gui
