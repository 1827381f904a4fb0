#include "gui/layers/treemap.h"

#include "gui/layers/layer_colors.h"
#include "gui/layers/layer_text.h"
#include "gui/models/text.h"
#include "gui/widgets/theme.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>

namespace rocker::gui {

using layers::ImageTree;

Treemap::Treemap(QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("treemap"));
    setAccessibleName(tr("Map of sizes"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        m_picture = {};
        update();
    });
}

QSize Treemap::minimumSizeHint() const
{
    return {20 * Theme::unit, 16 * Theme::unit};
}

QSize Treemap::sizeHint() const
{
    return {44 * Theme::unit, 40 * Theme::unit};
}

void Treemap::setTree(SharedTree tree, const FilteredTree& result, Coloring coloring)
{
    m_tree = std::move(tree);
    m_coloring = coloring;
    m_hovered = ImageTree::root;
    m_weights = m_tree ? treemapWeights(m_tree->tree(), result) : std::vector<std::uint64_t>();
    const std::uint32_t root = m_tree ? m_tree->tree().find(m_rootPath) : ImageTree::none;
    m_root = root == ImageTree::none || m_weights[root] == 0 ? ImageTree::root : root;
    m_stale = true;
    m_tiles.clear();
    update();
}

void Treemap::setSelected(std::uint32_t node)
{
    m_selected = node;
    if (m_tree && node < m_tree->tree().size() && node != ImageTree::root)
        setAccessibleDescription(caption(node));
    update();
}

QRectF Treemap::mapRect() const
{
    return QRectF(rect()).adjusted(
        Theme::unit, Theme::unit + fontMetrics().height() + Theme::unit / 2, -Theme::unit, -Theme::unit);
}

void Treemap::layOut()
{
    m_stale = false;
    m_picture = {};
    m_tiles = m_tree
        ? treemapTiles(m_tree->tree(), m_weights, m_root, mapRect(), {.caption = qreal(fontMetrics().height())})
        : std::vector<TreemapTile>();
}

QString Treemap::caption(std::uint32_t node) const
{
    const ImageTree& tree = m_tree->tree();
    return tr("/%1, %2").arg(shownName(tree.path(node)), sizeText(std::int64_t(m_weights[node])));
}

void Treemap::drawTile(QPainter& painter, const TreemapTile& tile) const
{
    const Theme& theme = Theme::instance();
    const ImageTree& tree = m_tree->tree();
    const ImageTree::Node& node = tree.at(tile.node);
    const QRectF rect = tile.rect.adjusted(0.5, 0.5, -0.5, -0.5);
    QColor color = layerColor(node.layer);
    if (m_coloring == Coloring::ByChange) {
        const QColor base = theme.color(changeTone(node.change));
        color = QColor::fromHslF(
            std::max(0.0f, base.hslHueF()), base.hslSaturationF() * 0.6f, theme.isDark() ? 0.46f : 0.62f);
    }
    if (tile.parted) {
        // A directory is a frame around what is in it, a little further from the paper with each step down.
        QColor surface = theme.colors().hover;
        surface = theme.isDark() ? surface.lighter(100 + 9 * std::min(tile.depth, 6))
                                 : surface.darker(100 + 4 * std::min(tile.depth, 6));
        painter.setBrush(surface);
        painter.setPen(theme.colors().border);
        painter.drawRect(rect);
    } else {
        painter.setPen(QPen(theme.colors().base, 1));
        painter.setBrush(color);
        painter.drawRect(rect);
    }
    const int line = fontMetrics().height();
    if (rect.width() < 5 * Theme::unit || rect.height() < line + 4)
        return;
    if (tile.parted && !(rect.height() - 4 > 3 * line && rect.width() - 4 > 3 * line))
        return; // there was no room for its caption
    painter.setPen(tile.parted ? theme.colors().muted : theme.isDark() ? QColor(0xf4f6f9) : QColor(0x14181f));
    const QRectF words = rect.adjusted(4, 1, -4, 0);
    painter.drawText(QRectF(words.left(), words.top(), words.width(), line),
        Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
        fontMetrics().elidedText(shownName(tree.name(tile.node)), Qt::ElideRight, int(words.width())));
    if (!tile.parted && rect.height() > 2 * line + 4)
        painter.drawText(QRectF(words.left(), words.top() + line, words.width(), line),
            Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
            fontMetrics().elidedText(sizeText(std::int64_t(m_weights[tile.node])), Qt::ElideRight, int(words.width())));
}

void Treemap::draw()
{
    m_picture = QPixmap(size() * devicePixelRatioF());
    m_picture.setDevicePixelRatio(devicePixelRatioF());
    m_picture.fill(Theme::instance().colors().base);
    QPainter painter(&m_picture);
    painter.setFont(font());
    for (const TreemapTile& tile : m_tiles)
        drawTile(painter, tile);
}

void Treemap::paintEvent(QPaintEvent*)
{
    if (m_stale)
        layOut();
    if (m_picture.isNull())
        draw();
    const Colors& colors = Theme::instance().colors();
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_picture);
    const QRectF head(
        Theme::unit, Theme::unit / 2, width() - 2 * Theme::unit, fontMetrics().height() + Theme::unit / 2);
    painter.setPen(colors.muted);
    const std::uint32_t told = m_hovered != ImageTree::root ? m_hovered : m_root;
    QString line;
    if (m_tiles.empty())
        line = tr("There are no bytes to show");
    else if (told == ImageTree::root)
        line = tr("All files, %1").arg(sizeText(std::int64_t(m_weights[ImageTree::root])));
    else
        line = caption(told);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
        fontMetrics().elidedText(line, Qt::ElideMiddle, int(head.width())));
    const auto frame = [&](std::uint32_t node, const QColor& color, qreal width) {
        const TreemapTile* tile = node == ImageTree::root ? nullptr : tileOf(node);
        if (!tile)
            return;
        painter.setPen(QPen(color, width));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(tile->rect.adjusted(width / 2, width / 2, -width / 2, -width / 2));
    };
    frame(m_hovered, colors.text, 1);
    frame(m_selected, colors.text, 3);
    frame(m_selected, hasFocus() ? colors.accent : colors.base, 1);
}

const TreemapTile* Treemap::tileOf(std::uint32_t node) const
{
    // A file too small for a tile is within the nearest directory that has one.
    for (; m_tree && node < m_tree->tree().size() && node != ImageTree::root; node = m_tree->tree().at(node).parent)
        for (const TreemapTile& tile : m_tiles)
            if (tile.node == node)
                return &tile;
    return nullptr;
}

const TreemapTile* Treemap::tileAt(QPointF position) const
{
    const TreemapTile* found = nullptr;
    for (const TreemapTile& tile : m_tiles)
        if (tile.rect.contains(position) && (!found || tile.depth >= found->depth))
            found = &tile;
    return found;
}

void Treemap::enter(std::uint32_t node)
{
    if (!m_tree || node >= m_tree->tree().size())
        return;
    while (node != ImageTree::root && m_tree->tree().at(node).childCount == 0)
        node = m_tree->tree().at(node).parent;
    m_root = node;
    m_rootPath = m_tree->tree().path(node);
    m_stale = true;
    update();
}

void Treemap::leave()
{
    if (m_tree && m_root != ImageTree::root)
        enter(m_tree->tree().at(m_root).parent);
}

void Treemap::resizeEvent(QResizeEvent*)
{
    m_stale = true;
}

void Treemap::showEvent(QShowEvent*)
{
    m_stale = true;
}

void Treemap::mouseMoveEvent(QMouseEvent* event)
{
    const TreemapTile* tile = tileAt(event->position());
    const std::uint32_t node = tile ? tile->node : ImageTree::root;
    if (node == m_hovered)
        return;
    m_hovered = node;
    update();
}

void Treemap::leaveEvent(QEvent*)
{
    m_hovered = ImageTree::root;
    update();
}

void Treemap::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::RightButton)
        leave();
    else if (const TreemapTile* tile = tileAt(event->position()))
        Q_EMIT nodeClicked(tile->node);
}

void Treemap::mouseDoubleClickEvent(QMouseEvent* event)
{
    const TreemapTile* tile = tileAt(event->position());
    if (!tile || event->button() != Qt::LeftButton)
        return;
    // Into the directory that is a step deeper than the one that is shown.
    std::uint32_t node = tile->node;
    while (m_tree->tree().at(node).parent != m_root && node != ImageTree::root)
        node = m_tree->tree().at(node).parent;
    if (m_tree->tree().at(node).childCount > 0)
        enter(node);
}

void Treemap::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        enter(m_selected);
        break;
    case Qt::Key_Backspace:
        leave();
        break;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        move(event->key());
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

// To the nearest file that lies that way.
void Treemap::move(int key)
{
    const TreemapTile* from = tileOf(m_selected);
    const QPointF start = from ? from->rect.center() : mapRect().topLeft();
    const TreemapTile* best = nullptr;
    double nearest = 0;
    for (const TreemapTile& tile : m_tiles) {
        if (tile.parted || tile.node == m_selected)
            continue;
        const QPointF way = tile.rect.center() - start;
        const double along = key == Qt::Key_Left ? -way.x()
            : key == Qt::Key_Right               ? way.x()
            : key == Qt::Key_Up                  ? -way.y()
                                                 : way.y();
        const double aside = std::abs(key == Qt::Key_Left || key == Qt::Key_Right ? way.y() : way.x());
        if (along <= 0)
            continue;
        const double distance = along + 2 * aside;
        if (!best || distance < nearest) {
            best = &tile;
            nearest = distance;
        }
    }
    if (best)
        Q_EMIT nodeClicked(best->node);
}

bool Treemap::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    if (const TreemapTile* tile = tileAt(help->pos()))
        QToolTip::showText(help->globalPos(), plainToolTip(caption(tile->node)), this);
    else
        QToolTip::hideText();
    return true;
}

} // namespace rocker::gui
