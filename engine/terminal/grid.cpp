#include "engine/terminal/grid.h"

#include <utility>

namespace rocker::terminal
{

Grid::Grid(Size size)
    : m_size(size)
    , m_cells(std::size_t(size.columns) * std::size_t(size.rows))
    , m_rows(std::size_t(size.rows))
{
    for (std::size_t y = 0; y < m_rows.size(); ++y)
        m_rows[y].cells = m_cells.data() + y * std::size_t(size.columns);
}

void Grid::straighten()
{
    if (m_first)
        std::rotate(m_rows.begin(), m_rows.begin() + std::exchange(m_first, 0), m_rows.end());
}

void Grid::rotateUp(int top, int bottom, int n)
{
    if (top == 0 && bottom == m_size.rows - 1) {
        m_first = (m_first + n) % m_size.rows;
        return;
    }
    straighten();
    if (n == 1) {
        const Row out = m_rows[std::size_t(top)];
        std::copy(m_rows.begin() + top + 1, m_rows.begin() + bottom + 1, m_rows.begin() + top);
        m_rows[std::size_t(bottom)] = out;
    } else {
        std::rotate(m_rows.begin() + top, m_rows.begin() + top + n, m_rows.begin() + bottom + 1);
    }
}

void Grid::rotateDown(int top, int bottom, int n)
{
    if (top == 0 && bottom == m_size.rows - 1) {
        m_first = (m_first + m_size.rows - n % m_size.rows) % m_size.rows;
        return;
    }
    straighten();
    std::rotate(m_rows.begin() + top, m_rows.begin() + bottom + 1 - n, m_rows.begin() + bottom + 1);
}

void Grid::clearRow(Row& row, const Style& blank)
{
    if (blank == Style{}) {
        std::fill_n(row.cells, row.used, Cell());
        row.used = 0;
    } else {
        std::fill_n(row.cells, m_size.columns, Cell(0, blank));
        row.used = m_size.columns;
    }
    row.wrapped = false;
    row.marks = 0;
    row.dirty = true;
}

void Grid::clearCells(Row& row, int from, int to, const Style& blank)
{
    if (from >= to)
        return;
    breakWide(row, from, to);
    if (blank == Style{}) {
        const int end = std::min(to, row.used);
        if (from < end)
            std::fill(row.cells + from, row.cells + end, Cell());
        if (to >= row.used)
            row.used = std::min(row.used, from);
    } else {
        std::fill(row.cells + from, row.cells + to, Cell(0, blank));
        row.used = std::max(row.used, to);
    }
    if (to == m_size.columns)
        row.wrapped = false;
    row.dirty = true;
}

void Grid::shiftCells(Row& row, int from, int to, int n, const Style& blank)
{
    const int width = to - from;
    const int distance = std::min(std::abs(n), width);
    if (distance <= 0)
        return;
    if (to < m_size.columns && row.cells[to].spacer())
        row.cells[to - 1] = Cell(0, row.cells[to - 1].style);
    breakWide(row, from, to);
    Cell* const begin = row.cells + from;
    Cell* const end = row.cells + to;
    row.used = std::max(row.used, std::min(to, row.used + std::max(0, n)));
    if (n > 0) {
        breakWide(row, to - distance, to);
        std::move_backward(begin, end - distance, end);
        if (distance < width && begin[distance].spacer())
            begin[distance] = Cell(0, begin[distance].style);
        std::fill_n(begin, distance, Cell(0, blank));
    } else {
        breakWide(row, from, from + distance);
        std::move(begin + distance, end, begin);
        std::fill_n(end - distance, distance, Cell(0, blank));
    }
    if (blank != Style{})
        row.used = std::max(row.used, to);
    if (to == m_size.columns)
        row.wrapped = false;
    row.dirty = true;
}

void Grid::copyCells(const Row& source, Row& target, int from, int to)
{
    std::copy(source.cells + from, source.cells + to, target.cells + from);
    if (target.cells[from].spacer())
        target.cells[from] = Cell(0, target.cells[from].style);
    if (target.cells[to - 1].wide())
        target.cells[to - 1] = Cell(0, target.cells[to - 1].style);
    target.used = std::max(target.used, std::min(source.used, to));
    target.dirty = true;
}

} // namespace rocker::terminal
