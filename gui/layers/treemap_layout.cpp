#include "gui/layers/treemap_layout.h"

#include <algorithm>

namespace rocker::gui {

namespace {

using layers::ImageTree;

class Squarifier
{
public:
    Squarifier(const ImageTree& tree, const std::vector<std::uint64_t>& weights, const TreemapStyle& style)
        : m_tree(tree), m_weights(weights), m_style(style)
    {
    }

    std::vector<TreemapTile> run(std::uint32_t root, const QRectF& area)
    {
        part(root, area, 0);
        for (std::size_t i = 0; i < m_tiles.size(); ++i) { // grows meanwhile
            const TreemapTile tile = m_tiles[i];
            if (m_tree.at(tile.node).childCount == 0)
                continue;
            QRectF inside = tile.rect.adjusted(m_style.margin, m_style.margin, -m_style.margin, -m_style.margin);
            if (m_style.caption > 0 && inside.height() > 3 * m_style.caption && inside.width() > 3 * m_style.caption)
                inside.setTop(inside.top() + m_style.caption);
            const std::size_t before = m_tiles.size();
            part(tile.node, inside, tile.depth + 1);
            m_tiles[i].parted = m_tiles.size() > before;
        }
        return std::move(m_tiles);
    }

private:
    // Lays the entries of a directory out, row by row along the shorter side of what is left.
    void part(std::uint32_t directory, QRectF area, int depth)
    {
        if (area.width() < m_style.least || area.height() < m_style.least)
            return;
        const ImageTree::Node& node = m_tree.at(directory);
        std::vector<std::uint32_t> children;
        double total = 0;
        for (std::uint32_t i = 0; i < node.childCount; ++i)
            if (const std::uint64_t weight = m_weights[node.firstChild + i]; weight > 0) {
                children.push_back(node.firstChild + i);
                total += double(weight);
            }
        std::ranges::sort(children, [&](std::uint32_t a, std::uint32_t b) {
            return m_weights[a] != m_weights[b] ? m_weights[a] > m_weights[b] : a < b;
        });
        const double scale = total > 0 ? area.width() * area.height() / total : 0;
        for (std::size_t begin = 0; begin < children.size();) {
            const double side = std::min(area.width(), area.height());
            std::size_t end = begin;
            double row = 0;
            double worst = 0;
            while (end < children.size()) {
                const double next = row + double(m_weights[children[end]]) * scale;
                const double ratio = worstRatio(
                    double(m_weights[children[begin]]) * scale, double(m_weights[children[end]]) * scale, next, side);
                if (end > begin && ratio > worst)
                    break;
                worst = ratio;
                row = next;
                ++end;
            }
            if (!place(children, begin, end, row, scale, area, depth))
                return; // what follows is smaller still
            begin = end;
        }
    }

    static double worstRatio(double largest, double smallest, double sum, double side)
    {
        const double square = side * side;
        return std::max(square * largest / (sum * sum), sum * sum / (square * smallest));
    }

    bool place(const std::vector<std::uint32_t>& children, std::size_t begin, std::size_t end, double row, double scale,
        QRectF& area, int depth)
    {
        const bool upright = area.width() >= area.height(); // a column at the left
        const double side = upright ? area.height() : area.width();
        const double thickness = side > 0 ? row / side : 0;
        if (thickness < m_style.least)
            return false;
        double at = upright ? area.top() : area.left();
        for (std::size_t i = begin; i < end; ++i) {
            const double length = double(m_weights[children[i]]) * scale / thickness;
            const QRectF rect
                = upright ? QRectF(area.left(), at, thickness, length) : QRectF(at, area.top(), length, thickness);
            at += length;
            if (length >= m_style.least)
                m_tiles.push_back({rect, children[i], depth});
        }
        if (upright)
            area.setLeft(area.left() + thickness);
        else
            area.setTop(area.top() + thickness);
        return area.width() > 0 && area.height() > 0;
    }

    const ImageTree& m_tree;
    const std::vector<std::uint64_t>& m_weights;
    TreemapStyle m_style;
    std::vector<TreemapTile> m_tiles;
};

} // namespace

std::vector<std::uint64_t> treemapWeights(const ImageTree& tree, const FilteredTree& result)
{
    std::vector<std::uint64_t> weights(tree.size(), 0);
    for (std::uint32_t node = tree.size(); node-- > 1;) {
        const ImageTree::Node& at = tree.at(node);
        if (result.is(node, FilteredTree::Match) && tree.record(node).kind != layers::Kind::Directory)
            weights[node] += tree.record(node).stored();
        weights[at.parent] += weights[node];
    }
    return weights;
}

std::vector<TreemapTile> treemapTiles(const ImageTree& tree, const std::vector<std::uint64_t>& weights,
    std::uint32_t root, const QRectF& area, const TreemapStyle& style)
{
    if (root >= tree.size() || weights.size() != tree.size())
        return {};
    return Squarifier(tree, weights, style).run(root, area);
}

} // namespace rocker::gui
