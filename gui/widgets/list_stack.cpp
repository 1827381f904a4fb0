#include "gui/widgets/list_stack.h"

#include "gui/widgets/empty_state.h"
#include "gui/widgets/table.h"
#include "gui/widgets/theme.h"

#include <QApplication>
#include <QPushButton>

namespace rocker::gui {

ListStack::ListStack(Table* table, EmptyState* empty, QWidget* parent) : QStackedWidget(parent), m_table(table), m_empty(empty)
{
    setProperty("role", QStringLiteral("sheet"));
    setMinimumHeight(14 * Theme::unit);
    setFocusPolicy(Qt::ClickFocus);
    addWidget(m_table);
    addWidget(m_empty);
}

void ListStack::showTable(bool shown)
{
    const QWidget* focus = QApplication::focusWidget();
    const bool held = focus && (focus == this || isAncestorOf(focus));
    setCurrentWidget(shown ? static_cast<QWidget*>(m_table) : m_empty);
    if (held)
        takeFocus();
}

void ListStack::takeFocus()
{
    if (currentWidget() == m_table)
        m_table->setFocus(Qt::ShortcutFocusReason);
    else if (!m_empty->button()->isHidden())
        m_empty->button()->setFocus(Qt::OtherFocusReason);
    else
        setFocus(Qt::OtherFocusReason);
}

} // namespace rocker::gui
