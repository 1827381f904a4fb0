#pragma once

#include "gui/client/helper_client.h"
#include "gui/client/reporter.h"

#include <QWidget>

class QLabel;
class QTabWidget;

namespace rocker::gui {

class InspectTab;
class LogTab;
class TerminalTab;

// The selected container: Terminal, Logs and Inspect.
class ContainerDetailsPane : public QWidget
{
    Q_OBJECT

public:
    ContainerDetailsPane(HelperClient& client, Reporter& reporter, QWidget* parent = nullptr);

    void setContainer(const protocol::Container* container);
    void forget(const std::string& id);
    void showTerminal();
    TerminalTab* terminal() const { return m_terminal; }
    LogTab* log() const { return m_log; }
    QTabWidget* tabs() const { return m_tabs; }

Q_SIGNALS:
    void startRequested();

private:
    QTabWidget* m_tabs;
    TerminalTab* m_terminal;
    LogTab* m_log;
    InspectTab* m_inspect;
};

} // namespace rocker::gui
