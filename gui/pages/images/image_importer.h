#pragma once

#include "gui/client/helper_client.h"
#include "gui/client/reporter.h"

#include <QFrame>

class QLabel;
class QProgressBar;

namespace rocker::gui {

// An import under way: what it is doing now, and how far it is. One at a time; others wait for their turn.
class ImageImporter : public QFrame
{
    Q_OBJECT

public:
    ImageImporter(HelperClient& client, Reporter& reporter, QWidget* parent = nullptr);
    void import(const QStringList& paths);

Q_SIGNALS:
    void imported(const QString& reference);

private:
    void next();
    void showProgress(const protocol::ImportProgress& progress);

    HelperClient& m_client;
    Reporter& m_reporter;
    QStringList m_waiting;
    QString m_file;
    bool m_busy = false;
    QLabel* m_step;
    QProgressBar* m_bar;
};

} // namespace rocker::gui
