#include "gui/pages/containers/terminal_session.h"

#include "gui/models/text.h"
#include "gui/widgets/theme.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace rocker::gui {

namespace {

protocol::TerminalSize wireSize(terminal::Size size)
{
    return {std::uint16_t(size.columns), std::uint16_t(size.rows)};
}

} // namespace

TerminalSession::TerminalSession(HelperClient& client, const protocol::Container& container, Role role, QWidget* parent)
    : QWidget(parent), m_client(client), m_container(container), m_role(role),
      m_surface(new TerminalSurface(role == Role::Shell || container.tty ? TerminalSurface::Kind::Terminal
                                                                         : TerminalSurface::Kind::PlainOutput,
                                    this)),
      m_pane(new TerminalPane(this)), m_text(new QLabel), m_action(new QPushButton)
{
    auto* bar = new QFrame;
    bar->setProperty("role", QStringLiteral("footer"));
    m_bar = bar;
    m_text->setObjectName(QStringLiteral("terminalNotice"));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_action->setObjectName(QStringLiteral("terminalNoticeAction"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(3 * Theme::unit, Theme::unit, 2 * Theme::unit, Theme::unit);
    row->setSpacing(Theme::unit);
    row->addWidget(m_text, 1);
    row->addWidget(m_action);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_pane, 1);
    column->addWidget(m_bar);
    setFocusProxy(m_pane);

    const QString kind = role == Role::Console ? tr("Terminal of %1") : tr("Shell in %1");
    m_pane->view()->setAccessibleName(kind.arg(text(container.name)));
    m_pane->view()->setSurface(m_surface);
    connect(m_surface, &TerminalSurface::phaseChanged, this, &TerminalSession::refreshNotice);
    connect(m_action, &QPushButton::clicked, this, [this] {
        if (m_surface->phase() != TerminalSurface::Phase::Ended)
            Q_EMIT shellRequested();
        else if (isAlive(m_container.state))
            open();
        else
            Q_EMIT startRequested();
    });
    refreshNotice();
}

bool TerminalSession::isOpen() const
{
    return m_surface->phase() == TerminalSurface::Phase::Opening || m_surface->phase() == TerminalSurface::Phase::Live;
}

void TerminalSession::open()
{
    if (m_role == Role::Console)
        openConsole();
    else
        openShell();
}

void TerminalSession::openConsole()
{
    m_run = m_container.startedAt;
    m_surface->attach(m_client.attach<protocol::Containers, protocol::Attach>({.container = m_container.id}),
                      m_pane->view()->room(), true);
}

void TerminalSession::openShell()
{
    const terminal::Size size = m_pane->view()->room();
    m_surface->attach(m_client.attach<protocol::Containers, protocol::Exec>({.container = m_container.id,
                                                                             .command = {"/bin/sh"},
                                                                             .environment = {"TERM=xterm-256color"},
                                                                             .tty = true,
                                                                             .interactive = true,
                                                                             .size = wireSize(size)}),
                      size, false);
}

void TerminalSession::setContainer(const protocol::Container& container)
{
    m_container = container;
    const QString kind = m_role == Role::Console ? tr("Terminal of %1") : tr("Shell in %1");
    m_pane->view()->setAccessibleName(kind.arg(text(container.name)));
    // A new run has a new console; the old one has nothing more to say.
    if (m_role == Role::Console && isAlive(container.state) && container.startedAt != m_run && !isOpen())
        openConsole();
    refreshNotice();
}

QString TerminalSession::endNotice() const
{
    const TerminalSurface::End& end = m_surface->end();
    if (!end.exit)
        return m_role == Role::Console ? tr("The terminal cannot be shown: %1.").arg(text(end.error.what))
                                       : tr("The shell cannot be shown: %1.").arg(text(end.error.what));
    const QString how = endText(end.exit->exitCode, end.exit->oomKilled);
    return m_role == Role::Console ? tr("%1 is not running any more. %2").arg(text(m_container.name), how)
                                   : tr("The shell is closed. %1").arg(how);
}

void TerminalSession::refreshNotice()
{
    if (m_surface->phase() == TerminalSurface::Phase::Ended) {
        const QString again = m_role == Role::Console ? tr("Attach again") : tr("Open again");
        notice(endNotice(), isAlive(m_container.state) ? again : tr("Start %1").arg(text(m_container.name)));
    } else if (m_surface->kind() == TerminalSurface::Kind::PlainOutput) {
        notice(tr("This container was created without a terminal: its output is shown here, and it hears no keys."),
               isAlive(m_container.state) ? tr("Open a shell") : QString());
    } else {
        m_bar->hide();
    }
}

void TerminalSession::notice(const QString& text, const QString& action)
{
    m_text->setText(text);
    m_text->setAccessibleName(text);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    m_bar->show();
}

} // namespace rocker::gui
