#include "gui/widgets/banner.h"

#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QToolButton>

namespace rocker::gui {

Banner::Banner(Dismissal dismissal, QWidget* parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this)), m_dismiss(new QToolButton(this))
{
    setProperty("role", QStringLiteral("banner"));
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_dismiss->setIcon(gui::icon(QStringLiteral("close")));
    m_dismiss->setAutoRaise(true);
    m_dismiss->setToolTip(tr("Dismiss"));
    m_dismiss->setAccessibleName(tr("Dismiss the message"));
    m_dismiss->setObjectName(QStringLiteral("dismissBanner"));
    m_dismiss->setVisible(dismissal == Dismissal::ByUser);
    connect(m_dismiss, &QToolButton::clicked, this, &QWidget::hide);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(2 * Theme::unit, Theme::unit, Theme::unit, Theme::unit);
    row->setSpacing(Theme::unit + Theme::unit / 2);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
    row->addWidget(m_dismiss, 0, Qt::AlignTop);
    hide();
}

void Banner::showMessage(Tone tone, const QString& title, const QString& detail)
{
    const bool bad = tone == Tone::Bad;
    setProperty("tone", bad ? QStringLiteral("bad") : QStringLiteral("warning"));
    style()->unpolish(this);
    style()->polish(this);
    m_icon->setPixmap(pixmap(QStringLiteral("alert"), 20, Theme::instance().color(tone), devicePixelRatioF()));
    QString shown = QStringLiteral("<b>%1</b>").arg(title.toHtmlEscaped());
    if (!detail.isEmpty())
        shown += QStringLiteral("<br>%1").arg(detail.toHtmlEscaped().replace(u'\n', QStringLiteral("<br>")));
    m_text->setText(shown);
    const QString plain = detail.isEmpty() ? title : title + u' ' + detail;
    m_text->setAccessibleName(plain);
    setAccessibleName(plain);
    show();
}

QString Banner::message() const
{
    return accessibleName();
}

} // namespace rocker::gui
