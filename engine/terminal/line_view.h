#pragma once

#include "engine/terminal/cell.h"
#include "engine/terminal/cluster_table.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rocker::terminal
{

// Where a shell says its prompt, its input and its output begin (OSC 133); a set of bits, kept per row.
enum LineMark : std::uint8_t {
    PromptStart = 0x1,
    InputStart = 0x2,
    OutputStart = 0x4,
    CommandEnd = 0x8,
    CommandFailed = 0x10, // with CommandEnd: the exit code was not 0
};

// Lent cells of one row. Valid until the terminal changes or the buffer it was decoded into is used again.
// A row of the scrollback may have fewer cells than the screen has columns: the rest is blank.
class LineView
{
public:
    LineView() = default;
    LineView(std::span<const Cell> cells, const ClusterTable& clusters, bool wrapped, std::uint8_t marks)
        : m_cells(cells)
        , m_clusters(&clusters)
        , m_wrapped(wrapped)
        , m_marks(marks)
    {
    }

    std::span<const Cell> cells() const { return m_cells; }
    bool wrapped() const { return m_wrapped; } // the next row continues this one
    std::uint8_t marks() const { return m_marks; }

    // Columns up to and with the last cell that shows something (text, a colour behind it, a line).
    int contentLength() const;
    // Code points of a cell that is cluster(); a one-element view of its code point is never made.
    std::u32string_view cluster(const Cell& cell) const { return m_clusters->text(cell.clusterId()); }
    // The cell's text as UTF-8: a space for a blank one, nothing for the right half of a wide character.
    void appendText(std::size_t column, std::string& out) const;
    // All cells' text, trailing blanks left out.
    std::string text() const;

private:
    std::span<const Cell> m_cells;
    const ClusterTable* m_clusters = nullptr;
    bool m_wrapped = false;
    std::uint8_t m_marks = 0;
};

// Where a row of the packed scrollback is unpacked to; reuse one to spare allocations.
struct LineBuffer {
    std::vector<Cell> cells;
    ClusterTable clusters;
};

} // namespace rocker::terminal
