#include "gui/widgets/page_head.h"

#include "gui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace rocker::gui {

PageHead::PageHead(const QString& title, QWidget* parent) : QWidget(parent), m_row(new QHBoxLayout(this))
{
    auto* label = new QLabel(title);
    label->setProperty("role", QStringLiteral("pageTitle"));
    m_row->setContentsMargins(3 * Theme::unit, 2 * Theme::unit, 2 * Theme::unit, Theme::unit + Theme::unit / 2);
    m_row->setSpacing(Theme::unit);
    m_row->addWidget(label);
    m_row->addStretch(1);
}

QLineEdit* PageHead::addFilter(const QString& name, const QString& placeholder)
{
    auto* filter = new QLineEdit;
    filter->setObjectName(name);
    filter->setPlaceholderText(placeholder);
    filter->setAccessibleName(placeholder);
    filter->setToolTip(tr("Ctrl+F"));
    filter->setClearButtonEnabled(true);
    filter->setFixedWidth(30 * Theme::unit);
    m_row->addWidget(filter);
    return filter;
}

QPushButton* PageHead::addButton(const QString& name, const QString& text)
{
    auto* button = new QPushButton(text);
    button->setObjectName(name);
    m_row->addWidget(button);
    return button;
}

QPushButton* PageHead::addPrimary(const QString& name, const QString& text)
{
    QPushButton* button = addButton(name, text);
    button->setProperty("kind", QStringLiteral("primary"));
    return button;
}

} // namespace rocker::gui
