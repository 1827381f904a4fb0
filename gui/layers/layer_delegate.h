#pragma once

#include <QStyledItemDelegate>

namespace rocker::gui {

// A layer of the stack: its number, what built it, a bar as long as its share of the bytes, and facts.
class LayerDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace rocker::gui
