#include "gui/pages/containers/changes_reading.h"

#include "gui/layers/background.h"
#include "gui/layers/image_reading.h"

namespace rocker::gui {

QFuture<Result<SharedTree>> readChanges(HelperClient& client, const std::string& container)
{
    return (new ImageReading(client, &client))
        ->startContainer(container)
        .then([](const Result<SharedImage>& image) {
            if (!image)
                return ready(Result<SharedTree>(fail(image.error())));
            return inBackground([indexes = (*image)->indexes]() mutable -> Result<SharedTree> {
                const std::size_t last = indexes.size() - 1;
                return std::make_shared<const SearchableTree>(std::move(indexes), last, layers::ImageTree::Scope::Layer);
            });
        })
        .unwrap();
}

} // namespace rocker::gui
