#include "gui/layers/layer_sources.h"

#include "gui/layers/subject.h"

namespace rocker::gui {

namespace {

Result<SharedImage> onlyLayer(const Result<SharedImage>& image, std::size_t layer)
{
    if (!image)
        return image;
    const ImageContent& whole = **image;
    if (layer >= whole.indexes.size())
        return fail(ErrorCode::NotFound, "the image has {} layers", whole.indexes.size());
    auto one = std::make_shared<ImageContent>();
    one->id = layerSubject(whole.id, layer);
    one->name = whole.name;
    one->layers = {whole.layers[layer]};
    one->indexes = {whole.indexes[layer]};
    one->hold = *image;
    return one;
}

} // namespace

LayerSources::LayerSources(std::unique_ptr<LayerSource> store, std::unique_ptr<LayerSource> archives)
    : m_store(std::move(store)), m_archives(std::move(archives))
{
}

LayerSource& LayerSources::sourceOf(const std::string& id) const
{
    return archiveOf(id) || id.starts_with("opened:") ? *m_archives : *m_store;
}

QFuture<Result<SharedImage>> LayerSources::image(const std::string& image)
{
    if (const auto layer = layerOf(image))
        return this->image(layer->subject).then([number = layer->layer](const Result<SharedImage>& whole) {
            return onlyLayer(whole, number);
        });
    return sourceOf(image).image(image);
}

QFuture<Result<FileBytes>> LayerSources::file(
    const std::string& image, std::size_t layer, const std::string& path, qint64 limit)
{
    if (const auto only = layerOf(image))
        return file(only->subject, only->layer, path, limit);
    return sourceOf(image).file(image, layer, path, limit);
}

QFuture<Result<std::vector<Result<std::string>>>> LayerSources::files(
    const std::string& image, std::vector<FilePlace> places, qint64 limit)
{
    if (const auto only = layerOf(image)) {
        for (FilePlace& place : places)
            place.layer = only->layer;
        return files(only->subject, std::move(places), limit);
    }
    return sourceOf(image).files(image, std::move(places), limit);
}

QFuture<Result<>> LayerSources::save(
    const std::string& image, std::size_t layer, const std::string& path, const QString& target)
{
    if (const auto only = layerOf(image))
        return save(only->subject, only->layer, path, target);
    return sourceOf(image).save(image, layer, path, target);
}

QFuture<Result<>> LayerSources::saveAll(const std::string& image, std::vector<FileWish> wishes)
{
    if (const auto only = layerOf(image)) {
        for (FileWish& wish : wishes)
            wish.layer = only->layer;
        return saveAll(only->subject, std::move(wishes));
    }
    return sourceOf(image).saveAll(image, std::move(wishes));
}

} // namespace rocker::gui
