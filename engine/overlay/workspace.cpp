#include "engine/overlay/overlay.h"

#include "engine/os/file.h"

#include <fcntl.h>

namespace rocker::overlay {

namespace {

constexpr uid_t containerIds = 65536;

// The upper directory's own mode and owner are those of the container's "/": what the topmost layer says, as far as ids
// of a container go.
Result<> takeOverRoot(BorrowedFd workspace, const std::string& layer)
{
    const struct stat root = TRY(os::status(os::currentDirectory, layer), "look at '{}'", layer);
    TRY(os::changeOwner(workspace, "diff", root.st_uid < containerIds ? root.st_uid : 0, root.st_gid < containerIds ? root.st_gid : 0));
    return os::changeMode(workspace, "diff", root.st_mode & 07777);
}

std::pair<std::string, std::string> splitPath(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    return {path.substr(0, slash), path.substr(slash + 1)};
}

} // namespace

Result<> createWorkspace(const Layers& layers)
{
    TRY(os::makeDirectories(layers.workspace, 0700));
    const UniqueFd directory = TRY(os::open(layers.workspace, O_RDONLY | O_DIRECTORY));
    TRY(os::makeDirectory(directory, "diff", 0755), "make '{}/diff'", layers.workspace);
    TRY(os::changeMode(directory, "diff", 0755), "make '{}/diff'", layers.workspace);
    if (!layers.lower.empty())
        TRY(takeOverRoot(directory, layers.lower.back()), "make '{}/diff'", layers.workspace);
    TRY(os::makeDirectory(directory, "work", 0700), "make '{}/work'", layers.workspace);
    TRY(os::makeDirectory(directory, "merged", 0700), "make '{}/merged'", layers.workspace);
    std::string lower;
    for (const std::string& layer : layers.lower)
        lower += layer + "\n";
    const UniqueFd file = TRY(os::open(directory, "lower", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600), "write '{}/lower'", layers.workspace);
    TRY(os::writeAll(file, lower), "write '{}/lower'", layers.workspace);
    return {};
}

Result<std::vector<std::string>> readLower(const std::string& workspace)
{
    const std::string text = TRY(os::readFile(workspace + "/lower"), "read '{}/lower'", workspace);
    std::vector<std::string> layers;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        layers.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return layers;
}

Result<> removeWorkspace(const std::string& workspace)
{
    const auto [parent, name] = splitPath(workspace);
    auto opened = os::open(parent, O_RDONLY | O_DIRECTORY);
    if (!opened && opened.error().errnum == ENOENT)
        return {};
    const UniqueFd directory = TRY(std::move(opened), "open '{}'", parent);
    TRY(os::removeTree(directory, name), "remove '{}'", workspace);
    return {};
}

} // namespace rocker::overlay
