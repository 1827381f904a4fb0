#pragma once

#include "gui/layers/layer_source.h"
#include "gui/layers/searchable_tree.h"

namespace rocker::gui {

// What is at a node of an image's tree, and below it, on the way out of the image.
struct TreeCopy {
    struct Item {
        std::string path; // from the node's parent: "etc/hosts"
        std::uint32_t node = 0;
    };
    SharedTree tree;
    std::vector<Item> directories; // from above
    std::vector<Item> files;
    std::vector<Item> links;
    std::vector<Item> others; // devices and pipes
    std::uint64_t bytes = 0;

    const layers::Record& record(const Item& item) const { return tree->tree().record(item.node); }
    std::string_view target(const Item& item) const { return tree->tree().link(item.node); }
    // As an image's layers have it; `target` names where each one goes.
    std::vector<FileWish> wishes(const std::function<QString(std::size_t file)>& target) const;
};
TreeCopy copyOf(const SharedTree& tree, std::uint32_t node);

// How many things of it have no place outside of an image: devices, pipes, and links that lead out of the copy, which
// would be links to files of this machine.
struct LeftOut {
    std::size_t count = 0;
};
// The copy as files in `directory`, which is there; existing files are not replaced: AlreadyExists. Modes without set-ids
// and times are kept, owners are not. Cancelled, it leaves what it has made.
QFuture<Result<LeftOut>> copyToDirectory(
    LayerSource& source, const std::string& image, TreeCopy copy, const QString& directory);

enum class FolderForm { Tar, TarGzip, TarZstd, Zip, SevenZip };
// By the name's ending; nothing for others.
std::optional<FolderForm> folderFormOf(const QString& fileName);
// The copy as one archive; it appears when it is complete. Tar archives keep owners, devices and every link; the same copy
// gives the same bytes.
QFuture<Result<LeftOut>> copyToArchive(
    LayerSource& source, const std::string& image, TreeCopy copy, const QString& target, FolderForm form);

} // namespace rocker::gui
