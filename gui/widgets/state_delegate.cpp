#include "gui/widgets/state_delegate.h"

#include "gui/widgets/theme.h"

#include <QApplication>
#include <QPainter>

namespace rocker::gui {

namespace {

constexpr int dotSize = Theme::unit;
constexpr int dotSpace = 2 * Theme::unit;
constexpr int padding = Theme::unit + Theme::unit / 2;

} // namespace

void StateDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem item(option);
    initStyleOption(&item, index);
    item.state &= ~QStyle::State_HasFocus; // the row is marked, not the cell
    const Theme& theme = Theme::instance();
    const bool stale = index.data(StaleRole).toBool();
    const QColor color = stale ? theme.colors().muted : theme.colors().text;
    item.palette.setColor(QPalette::Text, color);
    item.palette.setColor(QPalette::HighlightedText, color);

    const QString text = item.text;
    item.text.clear();
    const QStyle* style = item.widget ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);

    const int left = index.column() == 0 ? m_leadIn : padding;
    QRect rest = item.rect.adjusted(left, 0, -padding, 0);
    painter->save();
    if (index.column() == m_dotColumn) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        QColor dot = theme.color(Tone(index.data(ToneRole).toInt()));
        if (stale)
            dot.setAlphaF(0.4f);
        painter->setBrush(dot);
        painter->drawEllipse(QRect(rest.left(), rest.center().y() - dotSize / 2 + 1, dotSize, dotSize));
        rest.setLeft(rest.left() + dotSpace);
    }
    painter->setPen(color);
    painter->setFont(item.font);
    painter->drawText(rest, int(item.displayAlignment) | Qt::TextSingleLine,
                      item.fontMetrics.elidedText(text, Qt::ElideRight, rest.width()));
    painter->restore();
}

QSize StateDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index) + QSize(3 * Theme::unit, 0);
    if (index.column() == m_dotColumn)
        size.rwidth() += dotSpace;
    return size;
}

} // namespace rocker::gui
