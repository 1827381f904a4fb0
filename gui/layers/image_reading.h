#pragma once

#include "gui/client/helper_client.h"
#include "gui/layers/layer_source.h"

#include <QPromise>

#include <optional>

namespace rocker::gui {

// Reads one image from the helper: its configuration, then the index of each layer, one after the other. Deletes itself
// at its end.
class ImageReading : public QObject
{
    Q_OBJECT

public:
    ImageReading(HelperClient& client, QObject* parent);
    ~ImageReading() override;
    QFuture<Result<SharedImage>> start(const std::string& image);
    // A container's image, and what it has changed as the last layer.
    QFuture<Result<SharedImage>> startContainer(const std::string& container);

private:
    void readImage(const std::string& image);
    void readIndex();
    void topWithChanges();
    void finish(Result<SharedImage> result);

    HelperClient& m_client;
    QPromise<Result<SharedImage>> m_promise;
    std::shared_ptr<ImageContent> m_image;
    std::string m_container;
    std::string m_containerName;
    std::optional<layers::LayerIndex> m_changes;
    bool m_over = false;
};

} // namespace rocker::gui
