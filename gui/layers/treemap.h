#pragma once

#include "gui/layers/treemap_layout.h"

#include <QPixmap>
#include <QWidget>

namespace rocker::gui {

// The sizes in a tree as areas. A click selects, a double click (or Return) goes into a directory, a right click
// (or Backspace) out again. The arrow keys go from tile to tile.
class Treemap : public QWidget
{
    Q_OBJECT

public:
    enum class Coloring { ByLayer, ByChange };

    explicit Treemap(QWidget* parent = nullptr);
    void setTree(SharedTree tree, const FilteredTree& result, Coloring coloring);
    void setSelected(std::uint32_t node);
    std::uint32_t shownRoot() const { return m_root; }
    const std::vector<TreemapTile>& tiles() const { return m_tiles; }
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

Q_SIGNALS:
    void nodeClicked(std::uint32_t node);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool event(QEvent* event) override;

private:
    void layOut();
    void draw();
    void drawTile(QPainter& painter, const TreemapTile& tile) const;
    void enter(std::uint32_t node);
    void leave();
    void move(int key);
    const TreemapTile* tileAt(QPointF position) const;
    const TreemapTile* tileOf(std::uint32_t node) const;
    QString caption(std::uint32_t node) const;
    QRectF mapRect() const;

    SharedTree m_tree;
    std::vector<std::uint64_t> m_weights;
    std::vector<TreemapTile> m_tiles;
    QPixmap m_picture;
    Coloring m_coloring = Coloring::ByLayer;
    std::uint32_t m_root = layers::ImageTree::root;
    std::string m_rootPath;
    std::uint32_t m_selected = layers::ImageTree::root;
    std::uint32_t m_hovered = layers::ImageTree::root;
    bool m_stale = true;
};

} // namespace rocker::gui
