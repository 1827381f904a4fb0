#include "gui/layers/helper_layer_source.h"

#include "gui/client/download.h"
#include "gui/layers/image_reading.h"

#include <QSaveFile>

#include <limits>

namespace rocker::gui {

QFuture<Result<SharedImage>> HelperLayerSource::image(const std::string& image)
{
    return (new ImageReading(m_client, &m_client))->start(image);
}

QFuture<Result<FileBytes>> HelperLayerSource::file(
    const std::string& image, std::size_t layer, const std::string& path, qint64 limit)
{
    auto bytes = std::make_shared<QByteArray>();
    auto* download = new Download(
        m_client.attach<protocol::Images, protocol::ReadFile>({image, std::int64_t(layer), path}),
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

QFuture<Result<>> HelperLayerSource::save(
    const std::string& image, std::size_t layer, const std::string& path, const QString& target)
{
    const auto file = std::make_shared<QSaveFile>(target);
    const auto problem = [file](const char* what) {
        return fail(ErrorCode::Internal, "{} '{}': {}", what, file->fileName().toStdString(),
            file->errorString().toStdString());
    };
    auto* download = new Download(
        m_client.attach<protocol::Images, protocol::ReadFile>({image, std::int64_t(layer), path}),
        [file, problem](std::string_view piece) -> Result<> {
            if (!file->isOpen() && !file->open(QIODevice::WriteOnly))
                return problem("create");
            if (file->write(piece.data(), qint64(piece.size())) != qint64(piece.size()))
                return problem("write");
            return {};
        },
        &m_client);
    return download->start(std::numeric_limits<qint64>::max())
        .then([file, problem](const Result<Download::Extent>& extent) -> Result<> {
            if (!extent) {
                file->cancelWriting();
                return fail(extent.error());
            }
            if ((!file->isOpen() && !file->open(QIODevice::WriteOnly)) || !file->commit())
                return problem("write");
            return {};
        });
}

} // namespace rocker::gui
