#include "gui/widgets/table.h"

#include "gui/widgets/theme.h"

#include <QHeaderView>
#include <QKeyEvent>

namespace rocker::gui {

Table::Table(QWidget* parent) : QTableView(parent)
{
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setSortingEnabled(true);
    setFrameShape(NoFrame);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setContextMenuPolicy(Qt::CustomContextMenu);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(4 * Theme::unit + Theme::unit / 2);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setFixedHeight(4 * Theme::unit);
    horizontalHeader()->setSectionsMovable(false);
}

void Table::setColumns(const QList<ColumnWidth>& columns)
{
    m_columns = columns;
    shareWidth();
}

void Table::shareWidth()
{
    int weights = 0;
    int rest = viewport()->width();
    for (const ColumnWidth& column : m_columns) {
        weights += column.weight;
        rest -= column.units * Theme::unit;
    }
    rest = std::max(rest, 0);
    // Each weighted column takes its part of what is left, so that the last one ends at the edge.
    for (int i = 0; i < m_columns.size(); ++i) {
        const ColumnWidth& column = m_columns[i];
        const int share = column.weight > 0 ? rest * column.weight / weights : 0;
        setColumnWidth(i, column.units * Theme::unit + share);
        rest -= share;
        weights -= column.weight;
    }
}

void Table::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    shareWidth();
}

void Table::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Delete)) {
        Q_EMIT removalRequested();
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        Q_EMIT activated(currentIndex());
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace rocker::gui
