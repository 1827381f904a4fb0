#include "gui/layers/image_reading.h"

#include "gui/client/download.h"
#include "gui/layers/background.h"

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
    m_client.call<protocol::Images, protocol::InspectImage>({image}).then(
        this, [this](const Result<protocol::InspectImage::Reply>& reply) {
            if (!reply) {
                finish(fail(reply.error()));
                return;
            }
            m_image = contentOf(*reply);
            readIndex();
        });
    return m_promise.future();
}

void ImageReading::readIndex()
{
    const std::size_t layer = m_image->indexes.size();
    if (layer == m_image->layers.size()) {
        finish(SharedImage(std::exchange(m_image, nullptr)));
        return;
    }
    // By its ID: the reference may be given to another image meanwhile.
    auto bytes = std::make_shared<std::string>();
    auto* download = new Download(
        m_client.attach<protocol::Images, protocol::LayerIndex>({m_image->id, std::int64_t(layer)}),
        [bytes](std::string_view piece) -> Result<> {
            bytes->append(piece);
            return {};
        },
        this);
    const auto giveUp
        = [this, layer](Error error) { finish(fail(std::move(error).in(std::format("layer {}", layer + 1)))); };
    download->start(layers::indexLimit).then(this, [this, bytes, giveUp](const Result<Download::Extent>& extent) {
        if (!extent) {
            giveUp(extent.error());
            return;
        }
        inBackground([bytes] {
            return layers::LayerIndex::parse(std::move(*bytes));
        }).then(this, [this, giveUp](const Result<layers::LayerIndex>& index) {
            if (!index) {
                giveUp(index.error());
                return;
            }
            m_image->indexes.push_back(*index);
            readIndex();
        });
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
