#pragma once

#include "engine/terminal/history.h"

#include <cstdint>
#include <span>
#include <vector>

namespace rocker::terminal
{

// Lays rows out again at another width: joins what was wrapped and cuts it anew, one cell after the other, so that a
// logical line of any length needs the memory of one row. The rows go to a history; their count goes on past its limit.
class Reflow
{
public:
    Reflow(int columns, History& out)
        : m_columns(columns)
        , m_out(&out)
    {
    }

    struct Place {
        std::int64_t row = 0; // counted from the first row that was laid out
        int column = 0;
        bool pendingWrap = false;
    };

    // A row of the old width. `wrapped`: the next one continues it. `clusters` is only read.
    void addRow(std::span<const Cell> cells, bool wrapped, std::uint8_t marks, const ClusterTable& clusters);
    // A row that need not change, after a line that has ended; false when it has to be added cell by cell.
    bool addPacked(std::string_view packed);
    // Where the given column of the row to be added next will come to lie; a column past its cells is allowed.
    void trackNext(int column) { m_tracked = column; }

    std::int64_t rows() const { return m_rows; }
    // The row in which the next cell will come to lie, unless a new row begins with it.
    const Place& tracked() const { return m_place; }

private:
    void addCell(const Cell& cell, const ClusterTable& clusters);
    void emit(bool wrapped);
    void track(int beyond);

    int m_columns;
    History* m_out;
    std::vector<Cell> m_cells;
    ClusterTable m_clusters;
    std::uint8_t m_marks = 0;
    std::uint8_t m_nextMarks = 0;
    bool m_inLine = false; // the last row added was wrapped
    std::int64_t m_rows = 0;
    int m_tracked = -1;
    Place m_place;
};

} // namespace rocker::terminal
