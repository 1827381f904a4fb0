#pragma once

#include "engine/terminal/cell.h"
#include "engine/terminal/size.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace rocker::terminal
{

// A handle: moving a row moves this, never its cells.
struct Row {
    Cell* cells = nullptr;
    int used = 0; // the cells from here on are Cell()
    bool wrapped = false; // the next row continues this one
    bool dirty = true; // changed since the damage was taken
    std::uint8_t marks = 0;
};

// The rows of one screen in a ring: scrolling all of them turns the ring, scrolling a part of them moves handles.
class Grid
{
public:
    explicit Grid(Size size);

    Size size() const { return m_size; }
    Row& row(int y) { return m_rows[ringIndex(y)]; }
    const Row& row(int y) const { return m_rows[ringIndex(y)]; }
    std::span<const Cell> cells(int y) const { return {row(y).cells, std::size_t(m_size.columns)}; }

    // Moves the rows [top, bottom] by n places; the rows that come in anew still hold what went out.
    void rotateUp(int top, int bottom, int n);
    void rotateDown(int top, int bottom, int n);

    void clearRow(Row& row, const Style& blank);
    // Blanks [from, to); a wide character cut at either end goes whole.
    void clearCells(Row& row, int from, int to, const Style& blank);
    // Before [from, to) is overwritten: the halves of wide characters that would be left over at its ends become blank.
    void breakWide(Row& row, int from, int to)
    {
        if (row.cells[from].spacer()) [[unlikely]]
            row.cells[from - 1] = Cell(0, row.cells[from - 1].style);
        if (to < m_size.columns && row.cells[to].spacer()) [[unlikely]]
            row.cells[to] = Cell(0, row.cells[to].style);
    }
    // Moves [from, to) by n columns (to the right when positive) within itself and blanks what comes free.
    void shiftCells(Row& row, int from, int to, int n, const Style& blank);

    // Copies [from, to) of a row into another whose same cells are blank; wide characters cut at an end are left out.
    void copyCells(const Row& source, Row& target, int from, int to);

    std::size_t memoryUsed() const { return m_cells.capacity() * sizeof(Cell) + m_rows.capacity() * sizeof(Row); }

private:
    void straighten();
    std::size_t ringIndex(int y) const
    {
        const int index = m_first + y;
        return std::size_t(index >= m_size.rows ? index - m_size.rows : index);
    }

    Size m_size;
    std::vector<Cell> m_cells;
    std::vector<Row> m_rows;
    int m_first = 0;
};

} // namespace rocker::terminal
