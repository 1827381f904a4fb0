#pragma once

#include "gui/pages/containers/terminal_session.h"

#include <QHash>

class QStackedWidget;
class QTabBar;
class QToolButton;

namespace rocker::gui {

class EmptyState;

// The terminals of the selected container: its console and any number of shells. Those of other containers stay open
// behind it.
class TerminalTab : public QWidget
{
    Q_OBJECT

public:
    explicit TerminalTab(HelperClient& client, QWidget* parent = nullptr);

    // Null shows nothing. Called again when the container has changed.
    void setContainer(const protocol::Container* container);
    void forget(const std::string& id);
    // The size a terminal would have here.
    terminal::Size room() const;
    void focusTerminal();
    TerminalSession* currentSession() const;
    void openShell();
    // For the corner of the tabs that this one stands in.
    QToolButton* newShellButton() const { return m_newShell; }

Q_SIGNALS:
    void startRequested();

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Sessions {
        QList<TerminalSession*> list; // the console first, when it has been shown
        int current = 0;
        int shells = 0;
        QStringList titles;
    };
    Sessions& sessions() { return m_sessions[m_id]; }
    TerminalSession* add(TerminalSession::Role role, const QString& title);
    void closeSession(int index);
    void present();
    void showTabs();

    HelperClient& m_client;
    QString m_id;
    protocol::Container m_container;
    QHash<QString, Sessions> m_sessions;
    QTabBar* m_tabs;
    QToolButton* m_newShell;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    bool m_refilling = false;
};

} // namespace rocker::gui
