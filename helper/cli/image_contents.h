#pragma once

#include "engine/layers/image_tree.h"
#include "engine/layout/opened_archive.h"
#include "engine/layout/report.h"
#include "helper/cli/command.h"

#include <memory>
#include <string>
#include <vector>

namespace rocker::cli {

// An image with the indexes of all of its layers, lowest first.
struct ImageContents {
    protocol::InspectImage::Reply image;
    std::vector<layers::LayerIndex> layers;
    std::shared_ptr<layout::OpenedArchive> archive; // that has it, where the store has not
    std::size_t number = 0;                         // in the archive
    std::string container;                          // whose changes are the last layer

    // The last layer's tree over all others. FailedPrecondition for an image without layers.
    Result<layers::ImageTree> whole() const;
    layout::Settings settings() const;
};
// `subject`: an image of the store, "container:NAME", or a path that begins with "/", "./" or "../": an archive on this
// machine's disk, which is read without the helper; "PATH@2" is its second image.
Result<ImageContents> readContents(const Context& context, const std::string& subject);
bool isPath(const std::string& subject);
// Files of an opened archive's layer, from the workers; no more than `limit` bytes of each.
Result<> takeArchived(const ImageContents& contents, std::size_t layer, const std::vector<std::uint32_t>& records,
                      std::int64_t limit, const layout::OpenedArchive::Sink& sink);
// What ReadFile takes for a file of a layer, which of a container may be its own.
protocol::ReadFile::Parameters fileParameters(const ImageContents& contents, std::size_t layer, const std::string& path);

// The same of a container: its changes are the last layer.
Result<ImageContents> readChanges(const Context& context, const std::string& container);

// A layer's number as it was typed, from 1; here they count from 0.
Result<std::size_t> parseLayer(const std::string& text, std::size_t layers);

std::string_view kindName(layers::Kind kind);
// "drwxr-xr-x"
std::string modeText(const layers::Record& record);
// "added", "changed", "removed", empty for none; and as one character.
std::string_view changeName(layers::Change change);
std::string_view changeMark(layers::Change change);

} // namespace rocker::cli
