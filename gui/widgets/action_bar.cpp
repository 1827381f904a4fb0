#include "gui/widgets/action_bar.h"

#include "gui/widgets/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QToolButton>

namespace rocker::gui {

ActionBar::ActionBar(QWidget* parent) : QFrame(parent), m_row(new QHBoxLayout(this))
{
    setProperty("role", QStringLiteral("bar"));
    m_row->setContentsMargins(2 * Theme::unit, 0, 2 * Theme::unit, Theme::unit);
    m_row->setSpacing(Theme::unit / 2);
    m_row->addStretch(1);
}

void ActionBar::add(QAction* action)
{
    auto* button = new QToolButton;
    button->setDefaultAction(action);
    button->setObjectName(action->objectName() + QStringLiteral("Button"));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setProperty("role", QStringLiteral("action"));
    button->setFocusPolicy(Qt::TabFocus);
    m_row->insertWidget(m_row->count() - 1, button);
}

void ActionBar::addGap()
{
    m_row->insertSpacing(m_row->count() - 1, 2 * Theme::unit);
}

} // namespace rocker::gui
