#pragma once

#include "gui/client/helper_client.h"
#include "gui/client/reporter.h"
#include "gui/models/container_model.h"

#include <QAction>
#include <QSet>

#include <functional>

namespace rocker::gui {

// What can be done with the selected container, each action enabled only when it applies; each says what it did or
// why it could not.
class ContainerActions : public QObject
{
    Q_OBJECT

public:
    struct Context {
        HelperClient& client;
        ContainerModel& containers;
        Reporter& reporter;
        std::function<std::optional<protocol::TerminalSize>()> terminalSize;
    };
    // Dialogs open over `window`.
    ContainerActions(Context context, QWidget* window);

    void setTarget(const std::string& id);
    const std::string& target() const { return m_target; }
    QList<QAction*> all() const { return {m_start, m_stop, m_restart, m_pause, m_kill, m_commit, m_rename, m_remove}; }
    // What has a place in the menu only.
    QList<QAction*> further() const { return {m_browse, m_export}; }
    QAction* startAction() const { return m_start; }
    QAction* removeAction() const { return m_remove; }
    // Again what is enabled: the container or the connection has changed.
    void refresh();

Q_SIGNALS:
    // Its files are to be looked at.
    void browseRequested(const std::string& id, const QString& name);

private:
    QAction* add(const char* name, const QString& icon, const QString& text, const QKeySequence& shortcut,
                 void (ContainerActions::*slot)());
    template<protocol::Method M>
    void run(const typename M::Parameters& parameters, const QString& busy, const QString& done, const QString& failed);
    void begin(const std::string& id);
    void end(const std::string& id);
    const protocol::Container* container() const { return m_context.containers.find(m_target); }
    void start();
    void stop();
    void restart();
    void pauseOrResume();
    void kill();
    void commit();
    void rename();
    void remove();
    void browse();
    void exportFiles();

    Context m_context;
    QWidget* m_window;
    std::string m_target;
    QSet<QByteArray> m_underWay; // containers with an action that has not ended
    QAction* m_start;
    QAction* m_stop;
    QAction* m_restart;
    QAction* m_pause;
    QAction* m_kill;
    QAction* m_commit;
    QAction* m_rename;
    QAction* m_remove;
    QAction* m_browse;
    QAction* m_export;
};

} // namespace rocker::gui
