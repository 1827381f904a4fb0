#include "gui/app/status_line.h"

#include "gui/client/helper_client.h"
#include "gui/widgets/elided_label.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>

namespace rocker::gui {

StatusLine::StatusLine(const HelperClient& client, QWidget* parent)
    : QFrame(parent), m_client(client), m_icon(new QLabel), m_text(new ElidedLabel), m_dot(new QLabel), m_connection(new QLabel)
{
    setObjectName(QStringLiteral("statusLine"));
    setFixedHeight(4 * Theme::unit);
    m_text->setObjectName(QStringLiteral("statusText"));
    m_connection->setObjectName(QStringLiteral("connectionState"));
    m_connection->setProperty("role", QStringLiteral("muted"));
    m_icon->setFixedWidth(2 * Theme::unit);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(2 * Theme::unit, 0, 2 * Theme::unit, 0);
    row->setSpacing(Theme::unit);
    row->addWidget(m_icon);
    row->addWidget(m_text, 1);
    row->addWidget(m_dot);
    row->addWidget(m_connection);
    connect(&client, &HelperClient::stateChanged, this, &StatusLine::showConnection);
    connect(&Theme::instance(), &Theme::changed, this, &StatusLine::showConnection);
    say({}, {}, tr("Ready"));
    showConnection();
}

void StatusLine::showBusy(const QString& text)
{
    say({}, {}, text);
}

void StatusLine::showDone(const QString& text)
{
    say(QStringLiteral("check"), Theme::instance().colors().good, text);
}

void StatusLine::showFailed(const QString& text)
{
    say(QStringLiteral("alert"), Theme::instance().colors().bad, text);
}

void StatusLine::say(const QString& icon, const QColor& color, const QString& text)
{
    m_icon->setVisible(!icon.isEmpty());
    if (!icon.isEmpty())
        m_icon->setPixmap(pixmap(icon, 2 * Theme::unit, color, devicePixelRatioF()));
    m_text->setFullText(text);
    m_text->setAccessibleName(text);
    QAccessibleEvent changed(m_text, QAccessible::NameChanged);
    QAccessible::updateAccessibility(&changed);
}

void StatusLine::showConnection()
{
    const Theme& theme = Theme::instance();
    QColor color = theme.colors().muted;
    QString state = tr("Connecting…");
    if (m_client.state() == HelperClient::State::Connected) {
        color = theme.colors().good;
        state = tr("Connected");
    } else if (m_client.state() == HelperClient::State::Disconnected) {
        color = theme.colors().bad;
        state = tr("Not connected");
    }
    m_dot->setText(QStringLiteral("<span style='color:%1'>●</span>").arg(color.name()));
    m_connection->setText(state);
    m_connection->setToolTip(m_client.socketPath());
}

} // namespace rocker::gui
