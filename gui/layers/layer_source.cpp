#include "gui/layers/layer_source.h"

#include <QPromise>

namespace rocker::gui {

namespace {

using Contents = std::vector<Result<std::string>>;

// Reads one after the other; lives as long as a file is awaited.
struct Series : std::enable_shared_from_this<Series> {
    LayerSource& source;
    std::string image;
    std::vector<FilePlace> places;
    qint64 limit;
    Contents contents;
    QPromise<Result<Contents>> promise;

    Series(LayerSource& from, std::string name, std::vector<FilePlace> wanted, qint64 most)
        : source(from), image(std::move(name)), places(std::move(wanted)), limit(most)
    {
    }

    void next()
    {
        if (contents.size() == places.size()) {
            promise.addResult(Result<Contents>(std::move(contents)));
            promise.finish();
            return;
        }
        const FilePlace& place = places[contents.size()];
        source.file(image, place.layer, place.path, limit)
            .then([self = shared_from_this()](const Result<FileBytes>& file) {
                if (!file)
                    self->contents.push_back(fail(file.error()));
                else if (!file->whole)
                    self->contents.push_back(
                        fail(ErrorCode::ResourceExhausted, "it has more than {} bytes", self->limit));
                else
                    self->contents.emplace_back(file->bytes.toStdString());
                self->next();
            });
    }
};

} // namespace

QFuture<Result<Contents>> LayerSource::files(const std::string& image, std::vector<FilePlace> places, qint64 limit)
{
    const auto series = std::make_shared<Series>(*this, image, std::move(places), limit);
    series->promise.start();
    auto future = series->promise.future();
    series->next();
    return future;
}

} // namespace rocker::gui
