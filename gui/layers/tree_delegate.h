#pragma once

#include <QStyledItemDelegate>

namespace rocker::gui {

// Cells of the file tree: a picture of the kind before the name, what the layer did as a mark and in its colour.
class TreeDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace rocker::gui
