#pragma once

#include "gui/client/helper_client.h"

#include <QSaveFile>

#include <memory>

class QIODevice;

namespace rocker::gui {

// Writes a container's whole log to a file as it was printed, compressed when the name ends in ".gz". The file appears
// when it is complete. Ends with one finished() or failed(), and deletes itself.
class LogSaver : public QObject
{
    Q_OBJECT

public:
    LogSaver(HelperClient& client, const std::string& container, const QString& path, QObject* parent);
    ~LogSaver() override;
    void start();

Q_SIGNALS:
    void finished(const QString& path);
    void failed(const rocker::Error& why);

private:
    void receive(FrameType type, const std::string& payload);
    void complete();
    void giveUp(const Error& why);

    QSaveFile m_file;
    std::unique_ptr<QIODevice> m_compression;
    std::unique_ptr<AttachedStream> m_stream;
    bool m_over = false;
};

} // namespace rocker::gui
