#include "engine/terminal/reflow.h"

#include "engine/terminal/screen.h"
#include "engine/terminal/utf8.h"

#include <algorithm>
#include <utility>

namespace rocker::terminal
{

void Reflow::addRow(std::span<const Cell> cells, bool wrapped, std::uint8_t marks, const ClusterTable& clusters)
{
    m_nextMarks |= marks;
    if (wrapped && !cells.empty() && cells.back().filler())
        cells = cells.first(cells.size() - 1);
    for (std::size_t x = 0; x < cells.size(); ++x) {
        const bool tracked = int(x) == m_tracked;
        if (!cells[x].spacer())
            addCell(cells[x], clusters);
        if (tracked) {
            const bool leftHalf = cells[x].wide() && m_cells.size() >= 2;
            m_place = {m_rows, int(m_cells.size()) - (leftHalf ? 2 : 1), false};
        }
    }
    if (m_tracked >= int(cells.size()))
        track(m_tracked - int(cells.size()));
    m_tracked = -1;
    m_inLine = wrapped;
    if (!wrapped)
        emit(false);
}

// The tracked column lies `beyond` columns behind the row's text.
void Reflow::track(int beyond)
{
    const int column = int(m_cells.size()) + beyond;
    m_place = {m_rows, std::min(column, m_columns - 1), beyond == 0 && column == m_columns};
}

bool Reflow::addPacked(std::string_view packed)
{
    const PackedHeader header = packedHeader(packed);
    if (m_inLine || header.wrapped || header.cellCount > m_columns)
        return false;
    m_out->appendPacked(packed);
    ++m_rows;
    return true;
}

void Reflow::addCell(const Cell& cell, const ClusterTable& clusters)
{
    std::uint32_t bits = cell.bits() & ~std::uint32_t(Cell::Filler);
    if (cell.wide() && m_columns < 2)
        bits = replacementCharacter;
    const std::size_t width = bits & Cell::Wide ? 2 : 1;
    if (m_cells.size() + width > std::size_t(m_columns)) {
        if (m_cells.size() < std::size_t(m_columns))
            m_cells.emplace_back(Cell::Filler, Style{});
        emit(true);
    }
    if (bits & Cell::Cluster)
        bits = (bits & ~Cell::contentMask) | m_clusters.intern(clusters.text(cell.clusterId()));
    m_marks |= std::exchange(m_nextMarks, 0);
    m_cells.emplace_back(bits, cell.style);
    if (width == 2)
        m_cells.emplace_back(Cell::Spacer, cell.style);
}

void Reflow::emit(bool wrapped)
{
    if (!wrapped)
        m_marks |= std::exchange(m_nextMarks, 0);
    m_out->append(m_cells, wrapped, m_marks, m_clusters);
    ++m_rows;
    m_cells.clear();
    m_clusters.clear();
    m_marks = 0;
}

// Everything from the oldest line of the scrollback to the last row in use is laid out anew; then the screen takes the
// end of it. A full screen stays full (rows come back from the scrollback), another one keeps its first row.
void Screen::reflow(Size size)
{
    const Size old = m_primary->size();
    const std::int64_t firstLine = m_screenLine - m_history.size();
    int last = old.rows - 1;
    const auto empty
        = [&](int y) { return !m_primary->row(y).used && !m_primary->row(y).marks && !m_primary->row(y).wrapped; };
    while (last > m_cursor.y && empty(last))
        --last;

    History laidOut(m_history.maximumLines() + size.rows, m_history.maximumBytes() + (std::size_t(1) << 20), m_extras);
    Reflow reflow(size.columns, laidOut);
    LineBuffer buffer;
    for (std::int64_t i = 0; i < m_history.size(); ++i) {
        const std::string_view packed = m_history.packed(i);
        if (reflow.addPacked(packed))
            continue;
        buffer.clusters.clear();
        const PackedHeader header = unpackLine(packed, buffer.cells, buffer.clusters);
        reflow.addRow(buffer.cells, header.wrapped, header.marks, buffer.clusters);
        releasePacked(packed, m_extras);
    }
    m_history.forget();
    std::int64_t top = reflow.rows();
    for (int y = 0; y <= last; ++y) {
        const Row& row = m_primary->row(y);
        if (y == m_cursor.y)
            reflow.trackNext(m_cursor.x + m_cursor.pendingWrap);
        const int length = row.wrapped ? old.columns : row.used;
        reflow.addRow({row.cells, std::size_t(length)}, row.wrapped && y < last, row.marks, m_clusters);
    }
    const Reflow::Place place = reflow.tracked();
    const std::int64_t bottomTop = reflow.rows() - size.rows;
    top = last == old.rows - 1 ? bottomTop : std::max(top, bottomTop);
    top = std::clamp(std::min(top, place.row), reflow.rows() - laidOut.size(), reflow.rows());
    m_screenLine = firstLine + top;
    if (size.columns != old.columns)
        ++m_reflowCount;

    m_primary = std::make_unique<Grid>(size);
    const std::int64_t keep = laidOut.size() - (reflow.rows() - top);
    for (std::int64_t y = 0; keep + y < laidOut.size(); ++y) {
        const std::string_view packed = laidOut.packed(keep + y);
        releasePacked(packed, m_extras);
        if (y >= size.rows)
            continue;
        buffer.clusters.clear();
        const PackedHeader header = unpackLine(packed, buffer.cells, buffer.clusters);
        Row& row = m_primary->row(int(y));
        for (const Cell& cell : buffer.cells) {
            const std::uint32_t content
                = cell.cluster() ? m_clusters.intern(buffer.clusters.text(cell.clusterId())) : cell.bits();
            row.cells[row.used++]
                = Cell((cell.bits() & ~Cell::contentMask) | (content & Cell::contentMask), cell.style);
        }
        row.wrapped = header.wrapped;
        row.marks = header.marks;
    }
    laidOut.truncate(keep);
    m_history.takeFrom(std::move(laidOut));
    m_cursor.x = place.column;
    m_cursor.y = int(std::clamp<std::int64_t>(place.row - top, 0, size.rows - 1));
    m_cursor.pendingWrap = place.pendingWrap;
}

} // namespace rocker::terminal
