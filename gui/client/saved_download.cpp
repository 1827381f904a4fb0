#include "gui/client/saved_download.h"

#include "gui/client/download.h"

#include <QSaveFile>

#include <limits>

namespace rocker::gui {

QFuture<Result<>> saveDownload(std::unique_ptr<AttachedStream> stream, const QString& target, QObject* parent,
                               std::chrono::milliseconds patience)
{
    const auto file = std::make_shared<QSaveFile>(target);
    const auto problem = [file](const char* what) {
        return fail(ErrorCode::Internal, "{} '{}': {}", what, file->fileName().toStdString(),
                    file->errorString().toStdString());
    };
    auto* download = new Download(std::move(stream), [file, problem](std::string_view piece) -> Result<> {
        if (!file->isOpen() && !file->open(QIODevice::WriteOnly))
            return problem("create");
        if (file->write(piece.data(), qint64(piece.size())) != qint64(piece.size()))
            return problem("write");
        return {};
    }, parent);
    download->setPatience(patience);
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
