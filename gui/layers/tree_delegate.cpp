#include "gui/layers/tree_delegate.h"

#include "gui/layers/layer_text.h"
#include "gui/layers/tree_model.h"
#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

#include <QApplication>
#include <QPainter>

namespace rocker::gui {

namespace {

constexpr int treePadding = Theme::unit;
constexpr int treeIcon = 2 * Theme::unit;

QString kindIcon(layers::Kind kind)
{
    switch (kind) {
    case layers::Kind::Directory:
        return QStringLiteral("folder");
    case layers::Kind::Symlink:
        return QStringLiteral("link");
    case layers::Kind::CharDevice:
    case layers::Kind::BlockDevice:
    case layers::Kind::Fifo:
        return QStringLiteral("device");
    default:
        return QStringLiteral("file");
    }
}

} // namespace

void TreeDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem item(option);
    initStyleOption(&item, index);
    item.state &= ~QStyle::State_HasFocus;
    QString text = item.text;
    item.text.clear();
    const QStyle* style = item.widget ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);

    const auto* model = qobject_cast<const TreeModel*>(index.model());
    if (!model || !model->tree())
        return;
    const Theme& theme = Theme::instance();
    const auto change = layers::Change(index.data(TreeModel::ChangeRole).toInt());
    const bool marked = change != layers::Change::None;
    QColor color = theme.colors().muted;
    if (index.column() == TreeModel::Name || index.column() == TreeModel::Change)
        color = marked ? theme.color(changeTone(change)) : theme.colors().text;
    else if (index.column() == TreeModel::Size)
        color = theme.colors().text;

    painter->save();
    QFont font = item.font;
    QRect rest = item.rect.adjusted(treePadding, 0, -treePadding, 0);
    if (index.column() == TreeModel::Name) {
        rest.setLeft(item.rect.left());
        const layers::Kind kind = model->tree()->tree().record(model->nodeOf(index)).kind;
        const QColor drawn = marked           ? color
            : kind == layers::Kind::Directory ? theme.colors().accent
                                              : theme.colors().muted;
        const qreal scale = item.widget ? item.widget->devicePixelRatioF() : 1.0;
        painter->drawPixmap(
            rest.left(), rest.center().y() - treeIcon / 2 + 1, pixmap(kindIcon(kind), treeIcon, drawn, scale));
        rest.setLeft(rest.left() + treeIcon + Theme::unit);
        font.setStrikeOut(change == layers::Change::Removed);
    } else if (index.column() == TreeModel::Change && marked) {
        text = changeLetter(change) + QStringLiteral(" ") + text;
    } else if (index.column() == TreeModel::Change && index.data(TreeModel::BelowRole).toBool()) {
        text = QStringLiteral("•");
    }
    painter->setPen(color);
    painter->setFont(font);
    painter->drawText(rest, int(item.displayAlignment) | Qt::TextSingleLine,
        item.fontMetrics.elidedText(
            text, index.column() == TreeModel::Name ? Qt::ElideMiddle : Qt::ElideRight, rest.width()));
    painter->restore();
}

QSize TreeDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index) + QSize(2 * treePadding, 0);
    if (index.column() == TreeModel::Name)
        size.rwidth() += treeIcon + Theme::unit;
    size.setHeight(3 * Theme::unit + Theme::unit / 2);
    return size;
}

} // namespace rocker::gui
