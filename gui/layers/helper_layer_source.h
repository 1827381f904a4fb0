#pragma once

#include "gui/client/helper_client.h"
#include "gui/layers/layer_source.h"

namespace rocker::gui {

// Layers of the helper's store, and those of containers.
class HelperLayerSource : public LayerSource
{
public:
    explicit HelperLayerSource(HelperClient& client)
        : m_client(client)
    {
    }

    QFuture<Result<SharedImage>> image(const std::string& image) override;
    QFuture<Result<FileBytes>> file(
        const std::string& image, std::size_t layer, const std::string& path, qint64 limit) override;
    QFuture<Result<std::vector<Result<std::string>>>> files(
        const std::string& image, std::vector<FilePlace> places, qint64 limit) override;
    bool readsManyFiles() const override { return true; }
    QFuture<Result<>> save(
        const std::string& image, std::size_t layer, const std::string& path, const QString& target) override;

private:
    std::unique_ptr<AttachedStream> attach(const std::string& image, std::size_t layer, const std::string& path);

    HelperClient& m_client;
};

} // namespace rocker::gui
