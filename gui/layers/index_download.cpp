#include "gui/layers/index_download.h"

#include "gui/client/download.h"
#include "gui/layers/background.h"

namespace rocker::gui {

QFuture<Result<layers::LayerIndex>> downloadIndex(std::unique_ptr<AttachedStream> stream, QObject* parent)
{
    auto bytes = std::make_shared<std::string>();
    auto* download = new Download(
        std::move(stream),
        [bytes](std::string_view piece) -> Result<> {
            bytes->append(piece);
            return {};
        },
        parent);
    return download->start(layers::indexSizeLimit)
        .then([bytes](const Result<Download::Extent>& extent) {
            return extent ? inBackground([bytes] { return layers::LayerIndex::parse(std::move(*bytes)); })
                          : ready(Result<layers::LayerIndex>(fail(extent.error())));
        })
        .unwrap();
}

} // namespace rocker::gui
