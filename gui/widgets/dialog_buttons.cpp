#include "gui/widgets/dialog_buttons.h"

#include "gui/widgets/theme.h"

#include <QDialog>
#include <QHBoxLayout>
#include <QPushButton>

namespace rocker::gui {

DialogButtons::DialogButtons(const QString& name, const QString& text, QDialog* dialog, Kind kind)
    : m_row(new QHBoxLayout(this)), m_accept(new QPushButton(text))
{
    m_accept->setObjectName(name);
    m_accept->setProperty("kind", kind == Kind::Danger ? QStringLiteral("danger") : QStringLiteral("primary"));
    auto* cancel = new QPushButton(tr("Cancel"));
    if (kind == Kind::Primary) {
        m_accept->setDefault(true);
        cancel->setAutoDefault(false);
    } else {
        m_accept->setAutoDefault(false);
        cancel->setDefault(true);
    }
    connect(cancel, &QPushButton::clicked, dialog, &QDialog::reject);
    m_row->setContentsMargins({});
    m_row->setSpacing(Theme::unit);
    m_row->addStretch(1);
    m_row->addWidget(cancel);
    m_row->addWidget(m_accept);
}

void DialogButtons::lead(QWidget* widget)
{
    m_row->insertWidget(0, widget, 1);
}

} // namespace rocker::gui
