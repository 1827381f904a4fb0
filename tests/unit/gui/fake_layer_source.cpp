#include "tests/unit/gui/fake_layer_source.h"

#include "engine/layers/index_writer.h"
#include "gui/layers/background.h"

#include <QFile>

#include <cstring>

namespace rocker::gui {

using layers::Kind;
using layers::Record;

static layers::LayerIndex layerOf(const QString& notation)
{
    layers::IndexWriter writer;
    for (const QString& line : notation.split(u',', Qt::SkipEmptyParts)) {
        const QStringList words = line.split(u' ', Qt::SkipEmptyParts);
        const QString kind = words.value(0);
        std::vector<std::string> names;
        for (const QString& name : words.value(1).split(u'/', Qt::SkipEmptyParts))
            names.push_back(name.toStdString());
        Record record{.mode = 0644, .seconds = 1'700'000'000};
        if (kind == u"d") {
            record.kind = Kind::Directory;
            record.mode = 0755;
            writer.add(names, record);
        } else if (kind == u"f") {
            const std::string content = words.value(3).toStdString();
            record.size = words.value(2).toULongLong();
            std::memcpy(record.content.data(), content.data(), std::min<std::size_t>(content.size(), 16));
            writer.add(names, record);
        } else if (kind == u"h") {
            record.flags = Record::hardLink;
            writer.add(names, record, words.value(2).toStdString());
        } else if (kind == u"l") {
            record.kind = Kind::Symlink;
            writer.add(names, record, words.value(2).toStdString());
        } else if (kind == u"c") {
            record.kind = Kind::CharDevice;
            writer.add(names, record);
        } else if (kind == u"w") {
            writer.whiteout(names);
        } else if (kind == u"o") {
            writer.makeOpaque(names);
        }
    }
    return *layers::LayerIndex::parse(*writer.finish());
}

std::vector<layers::LayerIndex> layersOf(const QStringList& notations)
{
    std::vector<layers::LayerIndex> layers;
    for (const QString& notation : notations)
        layers.push_back(layerOf(notation));
    return layers;
}

SharedImage imageOf(const QStringList& notations)
{
    auto image = std::make_shared<ImageContent>();
    image->id = "sha256:1234";
    image->name = "fake:latest";
    image->indexes = layersOf(notations);
    for (std::size_t i = 0; i < image->indexes.size(); ++i)
        image->layers.push_back({"sha256:" + std::to_string(i), "/bin/sh -c step " + std::to_string(i + 1), {}});
    return image;
}

QFuture<Result<SharedImage>> FakeLayerSource::image(const std::string&)
{
    return ready(content);
}

QFuture<Result<FileBytes>> FakeLayerSource::file(
    const std::string&, std::size_t layer, const std::string& path, qint64 limit)
{
    asked.push_back(path);
    const auto found = files.find({layer, path});
    if (found == files.end())
        return ready(Result<FileBytes>(fail(ErrorCode::NotFound, "layer {} has no file '{}'", layer, path)));
    return ready(Result<FileBytes>(FileBytes{found->second.left(limit), found->second.size() <= limit}));
}

QFuture<Result<>> FakeLayerSource::save(
    const std::string&, std::size_t layer, const std::string& path, const QString& target)
{
    QFile file(target);
    if (!file.open(QIODevice::WriteOnly) || file.write(files[{layer, path}]) < 0)
        return ready(Result<>(fail(ErrorCode::Internal, "write '{}'", target.toStdString())));
    return ready(Result<>());
}

} // namespace rocker::gui
