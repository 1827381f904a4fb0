#include "gui/layers/layer_delegate.h"

#include "gui/layers/layer_colors.h"
#include "gui/layers/layer_list_model.h"
#include "gui/widgets/theme.h"

#include <QApplication>
#include <QPainter>

namespace rocker::gui {

namespace {

constexpr int layerPadding = Theme::unit + Theme::unit / 2;
constexpr int layerBar = 6;
constexpr int numberWidth = 3 * Theme::unit;

} // namespace

void LayerDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem item(option);
    initStyleOption(&item, index);
    item.text.clear();
    const QStyle* style = item.widget ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);

    const Colors& colors = Theme::instance().colors();
    const int line = item.fontMetrics.height();
    const QRect inner = item.rect.adjusted(2 * Theme::unit, layerPadding, -layerPadding, -layerPadding);
    const QRect body = inner.adjusted(numberWidth, 0, 0, 0);
    painter->save();
    if (item.state & QStyle::State_Selected)
        painter->fillRect(QRect(item.rect.left(), item.rect.top(), 3, item.rect.height()), colors.accent);
    painter->setFont(item.font);
    painter->setPen(colors.muted);
    painter->drawText(QRect(inner.left(), inner.top(), numberWidth, line), Qt::AlignLeft | Qt::AlignVCenter,
        index.data(LayerListModel::NumberRole).toString());
    painter->setPen(colors.text);
    painter->drawText(QRect(body.left(), body.top(), body.width(), line),
        Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
        item.fontMetrics.elidedText(index.data(LayerListModel::StepRole).toString(), Qt::ElideRight, body.width()));

    const QRectF track(body.left(), body.top() + line + Theme::unit / 2.0, body.width(), layerBar);
    const double share = index.data(LayerListModel::ShareRole).toDouble();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colors.hover);
    painter->drawRoundedRect(track, layerBar / 2.0, layerBar / 2.0);
    if (share > 0) {
        QRectF filled = track;
        filled.setWidth(std::max<double>(layerBar, track.width() * share)); // something is never nothing
        painter->setBrush(layerColor(std::size_t(index.data(LayerListModel::NumberRole).toInt() - 1)));
        painter->drawRoundedRect(filled, layerBar / 2.0, layerBar / 2.0);
    }

    painter->setPen(colors.muted);
    painter->drawText(QRect(body.left(), int(track.bottom()) + Theme::unit / 2, body.width(), line),
        Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
        item.fontMetrics.elidedText(index.data(LayerListModel::FactsRole).toString(), Qt::ElideRight, body.width()));
    painter->restore();
}

QSize LayerDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return {20 * Theme::unit, 2 * layerPadding + 2 * option.fontMetrics.height() + layerBar + Theme::unit};
}

} // namespace rocker::gui
