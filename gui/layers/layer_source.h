#pragma once

#include "engine/base/result.h"
#include "engine/layers/layer_index.h"

#include <QByteArray>
#include <QFuture>

#include <map>
#include <memory>

namespace rocker::gui {

// An image as the layer browser needs it: what was told of its layers, and an index of each, lowest first.
struct ImageContent {
    struct Layer {
        std::string diffId;
        std::string createdBy;
        std::string createdAt; // RFC 3339, empty when the image does not tell
    };
    std::string id; // what file() and save() take
    std::string name;
    std::string createdAt; // as of a layer
    std::string architecture;
    std::string manifestDigest; // empty when it came without one
    std::vector<Layer> layers;
    std::vector<layers::LayerIndex> indexes;
    std::map<std::string, std::string> settings; // what its configuration says, for people
    std::vector<std::string> siblings; // of an archive with several images the names of all, by their numbers
    std::shared_ptr<const void> hold;  // what its files are read from lives as long as this
};
using SharedImage = std::shared_ptr<const ImageContent>;

// A file's first bytes, or all of them.
struct FileBytes {
    QByteArray bytes;
    bool whole = true;
};

// A file of a layer.
struct FilePlace {
    std::size_t layer = 0;
    std::string path;
};

// The same, and where on this machine it is to go.
struct FileWish {
    std::size_t layer = 0;
    std::string path;
    QString target;
};

// Where layers and their files come from: the helper, an archive, or a test. Images are subjects (subject.h); layers count
// from 0, the lowest; every future ends. One that takes long tells its progress, and ends early when it is cancelled.
class LayerSource
{
public:
    virtual ~LayerSource() = default;
    virtual QFuture<Result<SharedImage>> image(const std::string& image) = 0;
    virtual QFuture<Result<FileBytes>> file(
        const std::string& image, std::size_t layer, const std::string& path, qint64 limit)
        = 0;
    // Several whole files, each or why not; of more than `limit` bytes each is an error. One after the other, unless a
    // source knows better.
    virtual QFuture<Result<std::vector<Result<std::string>>>> files(
        const std::string& image, std::vector<FilePlace> places, qint64 limit);
    // Whether that costs so little that nobody need have asked for it.
    virtual bool readsManyFiles() const { return false; }
    // The whole file, whatever its size, to a path of this machine; it appears when it is complete.
    virtual QFuture<Result<>> save(
        const std::string& image, std::size_t layer, const std::string& path, const QString& target)
        = 0;
    // Many files, in any order; what is there already stays when one fails. One after the other by save(), unless a source
    // knows better.
    virtual QFuture<Result<>> saveAll(const std::string& image, std::vector<FileWish> wishes);
};

} // namespace rocker::gui
