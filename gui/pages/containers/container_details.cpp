#include "gui/pages/containers/container_details.h"

#include "gui/pages/containers/inspect_tab.h"
#include "gui/pages/containers/log_tab.h"
#include "gui/pages/containers/terminal_tab.h"
#include "gui/widgets/icons.h"

#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace rocker::gui {

ContainerDetailsPane::ContainerDetailsPane(HelperClient& client, Reporter& reporter, QWidget* parent)
    : QWidget(parent), m_tabs(new QTabWidget(this)), m_terminal(new TerminalTab(client)),
      m_log(new LogTab(client, reporter)), m_inspect(new InspectTab(client, reporter))
{
    m_tabs->setObjectName(QStringLiteral("detailsTabs"));
    m_tabs->setAccessibleName(tr("Details of the container"));
    m_tabs->tabBar()->setDrawBase(false);
    m_tabs->addTab(m_terminal, tr("Terminal"));
    m_tabs->addTab(m_log, tr("Logs"));
    m_tabs->addTab(m_inspect, tr("Inspect"));
    m_tabs->setCornerWidget(m_terminal->newShellButton());
    connect(m_tabs, &QTabWidget::currentChanged, this,
            [this](int tab) { m_terminal->newShellButton()->setVisible(m_tabs->widget(tab) == m_terminal); });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addWidget(m_tabs);
    connect(m_terminal, &TerminalTab::startRequested, this, &ContainerDetailsPane::startRequested);
}

void ContainerDetailsPane::setContainer(const protocol::Container* container)
{
    m_terminal->setContainer(container);
    m_log->setContainer(container);
    m_inspect->setContainer(container);
}

void ContainerDetailsPane::forget(const std::string& id)
{
    m_terminal->forget(id);
}

void ContainerDetailsPane::showTerminal()
{
    m_tabs->setCurrentWidget(m_terminal);
    m_terminal->focusTerminal();
}

} // namespace rocker::gui
