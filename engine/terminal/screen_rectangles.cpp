#include "engine/terminal/screen.h"

#include "engine/terminal/width.h"

#include <algorithm>

// The VT420's rectangular areas (VT510 Video Terminal Programmer Information, chapter 5). Every area is one that
// Screen::areaOf() has made.
namespace rocker::terminal
{

std::optional<Screen::Area> Screen::areaOf(int top, int left, int bottom, int right) const
{
    const bool inner = m_cursor.origin;
    const int firstRow = inner ? m_top : 0;
    const int firstColumn = inner ? m_left : 0;
    Area area{firstRow + std::max(top, 0), firstColumn + std::max(left, 0), firstRow + bottom, firstColumn + right};
    area.bottom = std::min(bottom < 0 ? rows() : area.bottom, inner ? m_bottom : rows() - 1);
    area.right = std::min(right < 0 ? columns() : area.right, inner ? m_right : columns() - 1);
    if (area.top > area.bottom || area.left > area.right)
        return {};
    return area;
}

void Screen::eraseArea(const Area& area, bool selective)
{
    for (int y = area.top; y <= area.bottom; ++y)
        eraseCells(y, area.left, area.right + 1, selective);
}

void Screen::fillArea(const Area& area, char32_t character)
{
    if (codePointWidth(character) != 1)
        return;
    for (int y = area.top; y <= area.bottom; ++y) {
        Row& row = m_grid->row(y);
        m_grid->breakWide(row, area.left, area.right + 1);
        std::fill(row.cells + area.left, row.cells + area.right + 1, Cell(std::uint32_t(character), m_cursor.style));
        row.used = std::max(row.used, area.right + 1);
        row.dirty = true;
    }
}

void Screen::copyArea(const Area& from, int x, int y)
{
    x += m_cursor.origin ? m_left : 0;
    y += m_cursor.origin ? m_top : 0;
    const int lastColumn = m_cursor.origin ? m_right : columns() - 1;
    const int lastRow = m_cursor.origin ? m_bottom : rows() - 1;
    const int width = std::min(from.right - from.left, lastColumn - x) + 1;
    const int height = std::min(from.bottom - from.top, lastRow - y) + 1;
    if (width <= 0 || height <= 0)
        return;
    // Read whole before anything is written: the two may overlap.
    std::vector<Cell> copy;
    copy.reserve(std::size_t(width) * std::size_t(height));
    for (int i = 0; i < height; ++i) {
        const Cell* const cells = m_grid->row(from.top + i).cells + from.left;
        copy.insert(copy.end(), cells, cells + width);
        if (cells[0].spacer())
            copy[copy.size() - std::size_t(width)] = Cell(0, cells[0].style);
        if (cells[width - 1].wide())
            copy.back() = Cell(0, cells[width - 1].style);
    }
    for (int i = 0; i < height; ++i) {
        Row& row = m_grid->row(y + i);
        m_grid->breakWide(row, x, x + width);
        std::copy_n(copy.begin() + std::ptrdiff_t(i) * width, width, row.cells + x);
        row.used = std::max(row.used, x + width);
        row.dirty = true;
    }
}

void Screen::changeStyles(const Area& area, void (*change)(Style&, std::uint16_t), std::uint16_t flags)
{
    for (int y = area.top; y <= area.bottom; ++y) {
        Row& row = m_grid->row(y);
        const int from = m_streamAreas && y > area.top ? 0 : area.left;
        const int to = (m_streamAreas && y < area.bottom ? columns() - 1 : area.right) + 1;
        for (int x = from; x < to; ++x)
            change(row.cells[x].style, flags);
        row.used = std::max(row.used, to);
        row.dirty = true;
    }
}

} // namespace rocker::terminal
