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
    // Left of the first column's text, in pixels.
    void setLeadIn(int pixels) { m_leadIn = pixels; }

private:
    int m_dotColumn = -1;
    int m_leadIn = 24;
};

} // namespace rocker::gui
