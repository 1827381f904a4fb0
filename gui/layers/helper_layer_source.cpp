#include "gui/layers/helper_layer_source.h"

#include "gui/client/download.h"
#include "gui/client/saved_download.h"
#include "gui/layers/container_files.h"
#include "gui/layers/image_reading.h"
#include "gui/layers/subject.h"

namespace rocker::gui {

QFuture<Result<SharedImage>> HelperLayerSource::image(const std::string& image)
{
    auto* reading = new ImageReading(m_client, &m_client);
    const auto container = containerOf(image);
    return container ? reading->startContainer(*container) : reading->start(image);
}

std::unique_ptr<AttachedStream> HelperLayerSource::attach(
    const std::string& image, std::size_t layer, const std::string& path)
{
    const auto files = containerFilesOf(image);
    protocol::ReadFile::Parameters parameters{files ? files->image : image, std::int64_t(layer), path, {}};
    if (files && layer >= files->layers)
        parameters.container = files->container;
    return m_client.attach<protocol::Images, protocol::ReadFile>(parameters);
}

QFuture<Result<FileBytes>> HelperLayerSource::file(
    const std::string& image, std::size_t layer, const std::string& path, qint64 limit)
{
    auto bytes = std::make_shared<QByteArray>();
    auto* download = new Download(
        attach(image, layer, path),
        [bytes](std::string_view piece) -> Result<> {
            bytes->append(piece.data(), qsizetype(piece.size()));
            return {};
        },
        &m_client);
    return download->start(limit).then([bytes](const Result<Download::Extent>& extent) -> Result<FileBytes> {
        if (!extent)
            return fail(extent.error());
        return FileBytes{std::move(*bytes), *extent == Download::Extent::Whole};
    });
}

QFuture<Result<std::vector<Result<std::string>>>> HelperLayerSource::files(
    const std::string& image, std::vector<FilePlace> places, qint64 limit)
{
    if (containerFilesOf(image))
        return LayerSource::files(image, std::move(places), limit);
    using Contents = std::vector<Result<std::string>>;
    protocol::ReadFiles::Parameters parameters{image, {}};
    for (FilePlace& place : places)
        parameters.files.push_back({std::int64_t(place.layer), std::move(place.path)});
    const std::size_t count = parameters.files.size();
    auto stream = m_client.attach<protocol::Images, protocol::ReadFiles>(parameters);
    // What the helper says first, and what follows it.
    struct State {
        std::vector<std::int64_t> sizes;
        Contents contents;
        std::size_t at = 0;
    };
    auto state = std::make_shared<State>();
    QObject::connect(stream.get(), &AttachedStream::opened, stream.get(), [state, count, raw = stream.get()] {
        auto reply = json::read<protocol::ReadFiles::Reply>(raw->reply(), json::UnknownKeys::Ignore);
        if (!reply || reply->sizes.size() != count)
            return;
        state->sizes = std::move(reply->sizes);
        for (const std::int64_t size : state->sizes)
            state->contents.push_back(
                size < 0 ? Result<std::string>(fail(ErrorCode::NotFound, "it is no file there")) : std::string());
    });
    auto* download = new Download(
        std::move(stream),
        [state](std::string_view piece) -> Result<> {
            while (!piece.empty()) {
                while (state->at < state->contents.size()
                    && (!state->contents[state->at]
                        || std::int64_t(state->contents[state->at]->size()) >= state->sizes[state->at]))
                    ++state->at;
                if (state->at == state->contents.size())
                    return fail(ErrorCode::Corrupt, "the helper sends more than it spoke of");
                std::string& content = *state->contents[state->at];
                const std::size_t some
                    = std::min(piece.size(), std::size_t(state->sizes[state->at]) - content.size());
                content.append(piece.substr(0, some));
                piece.remove_prefix(some);
            }
            return {};
        },
        &m_client);
    return download->start(limit * qint64(count))
        .then([state, count, limit](const Result<Download::Extent>& extent) -> Result<Contents> {
            if (!extent)
                return fail(extent.error());
            if (state->contents.size() != count || *extent != Download::Extent::Whole)
                return fail(ErrorCode::Corrupt, "the helper answers with other files than were asked for");
            for (std::size_t i = 0; i < count; ++i)
                if (state->sizes[i] > limit)
                    state->contents[i] = fail(ErrorCode::ResourceExhausted, "it has more than {} bytes", limit);
                else if (state->contents[i] && std::int64_t(state->contents[i]->size()) != state->sizes[i])
                    return fail(ErrorCode::Corrupt, "the helper sends less than it spoke of");
            return std::move(state->contents);
        });
}

QFuture<Result<>> HelperLayerSource::save(
    const std::string& image, std::size_t layer, const std::string& path, const QString& target)
{
    return saveDownload(attach(image, layer, path), target, &m_client, Download::patience);
}

} // namespace rocker::gui
