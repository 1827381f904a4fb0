#include "gui/pages/containers/terminal_tab.h"

#include "gui/models/text.h"
#include "gui/widgets/empty_state.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

#include <QLayout>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace rocker::gui {

TerminalTab::TerminalTab(HelperClient& client, QWidget* parent)
    : QWidget(parent), m_client(client), m_tabs(new QTabBar), m_newShell(new QToolButton),
      m_stack(new QStackedWidget), m_empty(new EmptyState(QStringLiteral("terminal")))
{
    m_tabs->setObjectName(QStringLiteral("terminalTabs"));
    m_tabs->setAccessibleName(tr("Terminals of the container"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setFocusPolicy(Qt::TabFocus);
    m_newShell->setObjectName(QStringLiteral("newShell"));
    m_newShell->setText(tr("New shell"));
    m_newShell->setIcon(gui::icon(QStringLiteral("add")));
    m_newShell->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_newShell->setProperty("role", QStringLiteral("action"));
    m_newShell->setToolTip(tr("Run another shell in this container (Ctrl+Shift+T)"));
    m_empty->button()->setObjectName(QStringLiteral("terminalStart"));
    m_stack->addWidget(m_empty);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_tabs);
    column->addWidget(m_stack, 1);

    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        if (m_refilling || index < 0)
            return;
        sessions().current = index;
        present();
        focusTerminal();
    });
    connect(m_newShell, &QToolButton::clicked, this, &TerminalTab::openShell);
    connect(m_empty, &EmptyState::activated, this, &TerminalTab::startRequested);
}

void TerminalTab::setContainer(const protocol::Container* container)
{
    m_id = container ? text(container->id) : QString();
    m_container = container ? *container : protocol::Container{};
    if (container)
        for (TerminalSession* session : sessions().list)
            session->setContainer(m_container);
    if (isVisible())
        present();
}

void TerminalTab::forget(const std::string& id)
{
    for (TerminalSession* session : m_sessions.take(text(id)).list)
        session->deleteLater();
}

terminal::Size TerminalTab::room() const
{
    if (const TerminalSession* session = currentSession())
        return session->view()->room();
    TerminalPane measure;
    measure.resize(m_stack->size());
    measure.layout()->activate();
    return measure.view()->room();
}

TerminalSession* TerminalTab::currentSession() const
{
    const auto found = m_sessions.find(m_id);
    return found == m_sessions.end() ? nullptr : found->list.value(found->current);
}

void TerminalTab::focusTerminal()
{
    if (TerminalSession* session = currentSession(); session && m_stack->currentWidget() == session)
        session->view()->setFocus(Qt::OtherFocusReason);
}

TerminalSession* TerminalTab::add(TerminalSession::Role role, const QString& title)
{
    auto* session = new TerminalSession(m_client, m_container, role);
    connect(session, &TerminalSession::startRequested, this, &TerminalTab::startRequested);
    connect(session, &TerminalSession::shellRequested, this, &TerminalTab::openShell);
    m_stack->addWidget(session);
    sessions().list.append(session);
    sessions().titles.append(title);
    return session;
}

void TerminalTab::openShell()
{
    if (m_id.isEmpty() || !isAlive(m_container.state))
        return;
    TerminalSession* session = add(TerminalSession::Role::Shell, tr("Shell %1").arg(++sessions().shells));
    sessions().current = int(sessions().list.size()) - 1;
    present();
    session->open();
    focusTerminal();
}

void TerminalTab::closeSession(int index)
{
    Sessions& own = sessions();
    own.titles.removeAt(index);
    own.list.takeAt(index)->deleteLater();
    own.current = std::clamp(own.current >= index ? own.current - 1 : own.current, 0, int(own.list.size()) - 1);
    present();
}

void TerminalTab::showEvent(QShowEvent*)
{
    present();
}

// The console is joined when it is looked at for the first time; one that has ended shows its last screen.
void TerminalTab::present()
{
    const bool ran = isAlive(m_container.state) || (!m_container.startedAt.empty() && m_container.error.empty());
    if (!m_id.isEmpty() && sessions().list.isEmpty() && ran) {
        TerminalSession* console = add(TerminalSession::Role::Console, tr("Console"));
        m_stack->setCurrentWidget(console);
        m_stack->layout()->activate();
        console->open();
    }
    showTabs();
    if (TerminalSession* session = currentSession()) {
        m_stack->setCurrentWidget(session);
        return;
    }
    const QString name = text(m_container.name);
    if (m_container.state == protocol::ContainerState::Created && m_container.error.empty())
        m_empty->setTexts(tr("%1 has not been started").arg(name), tr("Its terminal opens here once it runs."));
    else
        m_empty->setTexts(tr("%1 did not start").arg(name), sentence(text(m_container.error)));
    m_empty->setAction(m_id.isEmpty() ? QString() : tr("Start %1").arg(name));
    m_stack->setCurrentWidget(m_empty);
}

void TerminalTab::showTabs()
{
    const Sessions own = m_sessions.value(m_id);
    m_refilling = true;
    while (m_tabs->count() > own.list.size())
        m_tabs->removeTab(m_tabs->count() - 1);
    for (int i = 0; i < own.list.size(); ++i) {
        if (i == m_tabs->count())
            m_tabs->addTab(own.titles[i]);
        m_tabs->setTabText(i, own.titles[i]);
        QWidget* button = m_tabs->tabButton(i, QTabBar::RightSide);
        const bool closable = own.titles[i] != tr("Console");
        if (closable && !button) {
            auto* close = new QToolButton;
            close->setAutoRaise(true);
            close->setIcon(gui::icon(QStringLiteral("close")));
            close->setIconSize({12, 12});
            close->setAccessibleName(tr("Close %1").arg(own.titles[i]));
            connect(close, &QToolButton::clicked, this, [this, close] {
                for (int tab = 0; tab < m_tabs->count(); ++tab)
                    if (m_tabs->tabButton(tab, QTabBar::RightSide) == close)
                        return closeSession(tab);
            });
            m_tabs->setTabButton(i, QTabBar::RightSide, close);
        } else if (!closable && button) {
            m_tabs->setTabButton(i, QTabBar::RightSide, nullptr);
            button->deleteLater();
        }
    }
    m_tabs->setCurrentIndex(own.list.isEmpty() ? -1 : own.current);
    m_refilling = false;
    m_newShell->setEnabled(isAlive(m_container.state));
    m_tabs->setVisible(own.list.size() > 1);
}

} // namespace rocker::gui
