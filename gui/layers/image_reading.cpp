#include "gui/layers/image_reading.h"

#include "engine/layout/report.h"
#include "gui/layers/container_files.h"
#include "gui/layers/index_download.h"

#include <QCoreApplication>

#include <utility>

namespace rocker::gui {

namespace {

std::shared_ptr<ImageContent> contentOf(const protocol::InspectImage::Reply& reply)
{
    auto content = std::make_shared<ImageContent>();
    content->id = reply.image.id;
    content->name = reply.image.references.empty() ? reply.image.id : reply.image.references.front();
    content->createdAt = reply.image.createdAt;
    content->architecture = reply.image.architecture;
    content->manifestDigest = reply.details.manifestDigest;
    for (const protocol::ImageLayer& layer : reply.details.layers)
        content->layers.push_back({layer.diffId, layer.createdBy, {}});
    // The steps that made a layer are told in the layers' order.
    std::size_t layer = 0;
    for (const protocol::ImageStep& step : reply.details.history)
        if (!step.emptyLayer && layer < content->layers.size())
            content->layers[layer++].createdAt = step.createdAt;
    content->settings = layout::settingsOf(reply.details, reply.image.architecture);
    return content;
}

} // namespace

ImageReading::ImageReading(HelperClient& client, QObject* parent)
    : QObject(parent), m_client(client)
{
    m_promise.start();
}

ImageReading::~ImageReading()
{
    finish(fail(ErrorCode::Cancelled, "given up"));
}

QFuture<Result<SharedImage>> ImageReading::start(const std::string& image)
{
    readImage(image);
    return m_promise.future();
}

QFuture<Result<SharedImage>> ImageReading::startContainer(const std::string& container)
{
    m_client.call<protocol::Containers, protocol::Inspect>({container}).then(
        this, [this, container](const Result<protocol::Inspect::Reply>& reply) {
            if (!reply) {
                finish(fail(reply.error()));
                return;
            }
            m_container = reply->container.id;
            m_containerName = reply->container.name;
            downloadIndex(m_client.attach<protocol::Images, protocol::ChangesIndex>({container}), this)
                .then(this, [this, image = reply->details.imageId](const Result<layers::LayerIndex>& index) {
                    if (!index) {
                        finish(fail(index.error()));
                        return;
                    }
                    m_changes = *index;
                    readImage(image);
                });
        });
    return m_promise.future();
}

void ImageReading::readImage(const std::string& image)
{
    m_client.call<protocol::Images, protocol::InspectImage>({image}).then(
        this, [this](const Result<protocol::InspectImage::Reply>& reply) {
            if (!reply) {
                finish(fail(reply.error()));
                return;
            }
            m_image = contentOf(*reply);
            readIndex();
        });
}

void ImageReading::topWithChanges()
{
    m_image->id = containerFiles(m_container, m_image->id, m_image->layers.size());
    m_image->name = m_containerName;
    m_image->layers.push_back({{}, QCoreApplication::translate("rocker::gui", "changes of the container").toStdString(), {}});
    m_image->indexes.push_back(*m_changes);
}

void ImageReading::readIndex()
{
    const std::size_t layer = m_image->indexes.size();
    if (layer == m_image->layers.size()) {
        if (m_changes)
            topWithChanges();
        finish(SharedImage(std::exchange(m_image, nullptr)));
        return;
    }
    // By its ID: the reference may be given to another image meanwhile.
    downloadIndex(m_client.attach<protocol::Images, protocol::LayerIndex>({m_image->id, std::int64_t(layer)}), this)
        .then(this, [this, layer](const Result<layers::LayerIndex>& index) {
            if (!index) {
                finish(fail(Error(index.error()).in(std::format("layer {}", layer + 1))));
                return;
            }
            m_image->indexes.push_back(*index);
            readIndex();
        });
}

void ImageReading::finish(Result<SharedImage> result)
{
    if (std::exchange(m_over, true))
        return;
    m_promise.addResult(std::move(result));
    m_promise.finish();
    deleteLater();
}

} // namespace rocker::gui
