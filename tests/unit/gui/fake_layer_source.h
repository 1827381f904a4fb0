#pragma once

#include "gui/layers/layer_source.h"

#include <QStringList>

#include <map>

namespace rocker::gui {

// Layers made of a notation, one text for each layer, the lowest first: "d a" a directory, "f a/b 10 x" a file of 10
// bytes with content x, "l a/c b" a symbolic link, "h a/d a/b" a hard link, "w a/b" a whiteout, "o a" an opaque
// directory, "c dev/null" a device; separated by commas, in the archive's order.
std::vector<layers::LayerIndex> layersOf(const QStringList& notations);
SharedImage imageOf(const QStringList& notations);

// Answers at once, or when it is told to.
class FakeLayerSource : public LayerSource
{
public:
    QFuture<Result<SharedImage>> image(const std::string& image) override;
    QFuture<Result<FileBytes>> file(
        const std::string& image, std::size_t layer, const std::string& path, qint64 limit) override;
    QFuture<Result<>> save(
        const std::string& image, std::size_t layer, const std::string& path, const QString& target) override;

    Result<SharedImage> content = fail(ErrorCode::NotFound, "no such image");
    std::map<std::pair<std::size_t, std::string>, QByteArray> files;
    std::vector<std::string> asked; // paths of files
};

} // namespace rocker::gui
