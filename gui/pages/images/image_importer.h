#pragma once

#include "gui/client/helper_client.h"
#include "gui/client/reporter.h"

#include <QFrame>

class QLabel;
class QProgressBar;

namespace rocker::gui {

// An import or a pull under way: what it is doing now, and how far it is. One at a time; others wait for their turn.
class ImageImporter : public QFrame
{
    Q_OBJECT

public:
    ImageImporter(HelperClient& client, Reporter& reporter, QWidget* parent = nullptr);
    void import(const QStringList& paths);
    void pull(const QString& reference, const QString& platform);

Q_SIGNALS:
    void imported(const QString& reference);

private:
    // What is to be done: a file to import, or a reference to pull.
    struct Task {
        QString path;
        QString reference;
        QString platform;
        QString name() const;
        bool pulls() const { return path.isEmpty(); }
    };

    void add(const Task& task);
    void next();
    void finish(const Result<std::vector<protocol::Image>>& images);
    void showProgress(const protocol::ImportProgress& progress);

    HelperClient& m_client;
    Reporter& m_reporter;
    QList<Task> m_waiting;
    Task m_task; // at work
    bool m_busy = false;
    QLabel* m_step;
    QProgressBar* m_bar;
};

} // namespace rocker::gui
