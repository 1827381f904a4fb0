#pragma once

#include <QStyledItemDelegate>

namespace rocker::gui {

// Table cells: a coloured dot before the text where the model has a tone, everything greyed where it is stale.
class StateDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

    // The column that gets the dot.
    void setDotColumn(int column) { m_dotColumn = column; }

private:
    int m_dotColumn = -1;
};

} // namespace rocker::gui
