#include "gui/pages/containers/changes_reading.h"

#include "gui/client/download.h"
#include "gui/layers/background.h"
#include "gui/layers/image_reading.h"

#include <utility>

namespace rocker::gui {

static constexpr qint64 indexLimit
    = qint64(sizeof(layers::Header)) + qint64(layers::recordLimit) * qint64(sizeof(layers::Record)) + layers::heapLimit;

ChangesReading::ChangesReading(HelperClient& client, QObject* parent) : QObject(parent), m_client(client)
{
    m_promise.start();
}

ChangesReading::~ChangesReading()
{
    finish(fail(ErrorCode::Cancelled, "given up"));
}

QFuture<Result<SharedTree>> ChangesReading::start(const std::string& container)
{
    m_client.call<protocol::Containers, protocol::Inspect>({container}).then(
        this, [this, container](const Result<protocol::Inspect::Reply>& reply) {
            if (!reply)
                return finish(fail(reply.error()));
            m_image = reply->details.imageId;
            readChanges(container);
        });
    return m_promise.future();
}

void ChangesReading::readChanges(const std::string& container)
{
    auto bytes = std::make_shared<std::string>();
    auto* download = new Download(m_client.attach<protocol::Images, protocol::ChangesIndex>({container}),
                                  [bytes](std::string_view piece) -> Result<> {
                                      bytes->append(piece);
                                      return {};
                                  }, this);
    download->start(indexLimit).then(this, [this, bytes](const Result<Download::Extent>& extent) {
        if (!extent)
            return finish(fail(extent.error()));
        inBackground([bytes] { return layers::LayerIndex::parse(std::move(*bytes)); })
            .then(this, [this](const Result<layers::LayerIndex>& index) { index ? readImage(*index) : finish(fail(index.error())); });
    });
}

void ChangesReading::readImage(layers::LayerIndex changes)
{
    (new ImageReading(m_client, this))->start(m_image).then(this, [this, changes](const Result<SharedImage>& image) {
        if (!image)
            return finish(fail(image.error()));
        inBackground([indexes = (*image)->indexes, changes]() mutable {
            indexes.push_back(changes);
            const std::size_t last = indexes.size() - 1;
            return SharedTree(std::make_shared<const SearchableTree>(std::move(indexes), last, layers::ImageTree::Scope::Layer));
        }).then(this, [this](const SharedTree& tree) { finish(tree); });
    });
}

void ChangesReading::finish(Result<SharedTree> result)
{
    if (std::exchange(m_over, true))
        return;
    m_promise.addResult(std::move(result));
    m_promise.finish();
    deleteLater();
}

} // namespace rocker::gui
