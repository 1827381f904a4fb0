#pragma once

#include "gui/client/helper_client.h"
#include "gui/terminal/terminal_pane.h"

class QLabel;
class QPushButton;

namespace rocker::gui {

// One terminal of a container, its console or a shell, with a line below that says why it ended and offers what next.
class TerminalSession : public QWidget
{
    Q_OBJECT

public:
    enum class Role { Console, Shell };

    TerminalSession(HelperClient& client, const protocol::Container& container, Role role, QWidget* parent = nullptr);

    // Joins the container's console, or runs a shell; again after it has ended.
    void open();
    // The container as it is known now.
    void setContainer(const protocol::Container& container);
    TerminalSurface* surface() const { return m_surface; }
    TerminalView* view() const { return m_pane->view(); }
    bool isOpen() const;

Q_SIGNALS:
    void startRequested();
    void shellRequested();

private:
    void openConsole();
    void openShell();
    void refreshNotice();
    void notice(const QString& text, const QString& action);
    QString endNotice() const;

    HelperClient& m_client;
    protocol::Container m_container;
    Role m_role;
    std::string m_run; // when the run that the console belongs to was started
    TerminalSurface* m_surface;
    TerminalPane* m_pane;
    QWidget* m_bar;
    QLabel* m_text;
    QPushButton* m_action;
};

} // namespace rocker::gui
