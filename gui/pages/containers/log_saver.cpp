#include "gui/pages/containers/log_saver.h"

#include <KCompressionDevice>

#include <utility>

namespace rocker::gui {

LogSaver::LogSaver(HelperClient& client, const std::string& container, const QString& path, QObject* parent)
    : QObject(parent), m_file(path),
      m_stream(client.attach<protocol::Containers, protocol::Logs>({.container = container}))
{
    if (path.endsWith(QStringLiteral(".gz"), Qt::CaseInsensitive))
        m_compression = std::make_unique<KCompressionDevice>(&m_file, false, KCompressionDevice::GZip);
    connect(m_stream.get(), &AttachedStream::frameReceived, this, &LogSaver::receive);
    connect(m_stream.get(), &AttachedStream::closed, this, [this](const Error& why) {
        // Without follow the log simply ends; before the first frame it is an error.
        m_stream->isOpen() || m_file.isOpen() ? complete() : giveUp(why);
    });
    connect(m_stream.get(), &AttachedStream::opened, this, [this] {
        if (!m_file.open(QIODevice::WriteOnly) || (m_compression && !m_compression->open(QIODevice::WriteOnly)))
            giveUp(Error{ErrorCode::Internal, 0, m_file.errorString().toStdString()});
    });
}

LogSaver::~LogSaver() = default;

void LogSaver::start()
{
    m_stream->open();
}

void LogSaver::receive(FrameType type, const std::string& payload)
{
    if (m_over)
        return;
    if (type == FrameType::Output || type == FrameType::ErrorOutput) {
        QIODevice& device = m_compression ? *m_compression : static_cast<QIODevice&>(m_file);
        if (device.write(payload.data(), qint64(payload.size())) != qint64(payload.size()))
            giveUp(Error{ErrorCode::Internal, 0, m_file.errorString().toStdString()});
    } else if (type == FrameType::Exited || type == FrameType::Replayed) {
        complete();
    }
}

void LogSaver::complete()
{
    if (std::exchange(m_over, true))
        return;
    if (m_compression)
        m_compression->close();
    const QString path = m_file.fileName();
    if (m_file.commit())
        Q_EMIT finished(path);
    else
        Q_EMIT failed(Error{ErrorCode::Internal, 0, m_file.errorString().toStdString()});
    deleteLater();
}

void LogSaver::giveUp(const Error& why)
{
    if (std::exchange(m_over, true))
        return;
    m_file.cancelWriting();
    Q_EMIT failed(why);
    deleteLater();
}

} // namespace rocker::gui
