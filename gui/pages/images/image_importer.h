#pragma once

#include "gui/client/helper_client.h"
#include "gui/client/reporter.h"

#include <QFrame>

#include <functional>

class QLabel;
class QProgressBar;

namespace rocker::gui {

// An import, a pull or a push under way: what it is doing now, and how far it is. One at a time; others wait for their
// turn.
class ImageImporter : public QFrame
{
    Q_OBJECT

public:
    ImageImporter(HelperClient& client, Reporter& reporter, QWidget* parent = nullptr);
    void import(const QStringList& paths);
    void importAs(const QString& path, const QString& reference);
    void pull(const QString& reference, const QString& platform);
    void push(const QString& image, const QString& destination);

Q_SIGNALS:
    // A root file system has no name of its own: importAs() goes on.
    void nameWanted(const QString& path);
    void imported(const QString& reference);
    // What has failed for want of a login there; `again` does it once more.
    void loginWanted(const QString& registry, const std::function<void()>& again);

private:
    enum class Kind { Import, Pull, Push };
    struct Task {
        Kind kind = Kind::Import;
        QString source;      // a file, a reference in a registry, an image
        QString platform;    // of a pull
        QString destination; // of a push; of an import the name to give
        QString name() const;
    };

    void add(const Task& task);
    void next();
    template<protocol::Method M>
    void run(const typename M::Parameters& parameters);
    void taken(const std::vector<protocol::Image>& images);
    void refused(const Error& error);
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
