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

// Saves one file after the other; the source outlives it.
class Saving : public std::enable_shared_from_this<Saving>
{
public:
    Saving(LayerSource& source, std::string image, std::vector<FileWish> wishes)
        : m_source(source), m_image(std::move(image)), m_wishes(std::move(wishes))
    {
        m_promise.start();
        m_promise.setProgressRange(0, int(m_wishes.size()));
    }
    QFuture<Result<>> start()
    {
        auto future = m_promise.future();
        next();
        return future;
    }

private:
    void next()
    {
        m_promise.setProgressValue(int(m_next));
        if (m_promise.isCanceled())
            return finish(fail(ErrorCode::Cancelled, "given up"));
        if (m_next == m_wishes.size())
            return finish({});
        const FileWish& wish = m_wishes[m_next++];
        m_source.save(m_image, wish.layer, wish.path, wish.target).then([self = shared_from_this()](const Result<>& saved) {
            saved ? self->next() : self->finish(saved);
        });
    }
    void finish(const Result<>& result)
    {
        m_promise.addResult(result);
        m_promise.finish();
    }

    LayerSource& m_source;
    std::string m_image;
    std::vector<FileWish> m_wishes;
    std::size_t m_next = 0;
    QPromise<Result<>> m_promise;
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

QFuture<Result<>> LayerSource::saveAll(const std::string& image, std::vector<FileWish> wishes)
{
    return std::make_shared<Saving>(*this, image, std::move(wishes))->start();
}

} // namespace rocker::gui
