#pragma once

#include "gui/layers/layer_source.h"

#include <memory>

namespace rocker::gui {

// All that can be looked into, by its subject: archives by one source, everything else by the other; a layer of either as
// an image of its own.
class LayerSources : public LayerSource
{
public:
    LayerSources(std::unique_ptr<LayerSource> store, std::unique_ptr<LayerSource> archives);

    QFuture<Result<SharedImage>> image(const std::string& image) override;
    QFuture<Result<FileBytes>> file(
        const std::string& image, std::size_t layer, const std::string& path, qint64 limit) override;
    QFuture<Result<std::vector<Result<std::string>>>> files(
        const std::string& image, std::vector<FilePlace> places, qint64 limit) override;
    bool readsManyFiles() const override { return true; }
    QFuture<Result<>> save(
        const std::string& image, std::size_t layer, const std::string& path, const QString& target) override;
    QFuture<Result<>> saveAll(const std::string& image, std::vector<FileWish> wishes) override;

private:
    LayerSource& sourceOf(const std::string& id) const;

    std::unique_ptr<LayerSource> m_store;
    std::unique_ptr<LayerSource> m_archives;
};

} // namespace rocker::gui
