#include "gui/terminal/terminal_selection.h"

#include <algorithm>

namespace rocker::gui {

void TerminalSelection::begin(const Point& point, By by)
{
    m_anchor = point;
    m_end = point;
    m_by = by;
}

void TerminalSelection::extend(const Point& point)
{
    if (!m_anchor)
        m_anchor = point;
    m_end = point;
}

void TerminalSelection::selectAll(const terminal::Terminal& terminal)
{
    const terminal::Position first{terminal.firstLine(), 0};
    const terminal::Position last{terminal.endLine() - 1, terminal.size().columns};
    m_anchor = Point{first, first};
    m_end = {last, last};
    m_by = By::Characters;
}

std::optional<terminal::Range> TerminalSelection::range(const terminal::Terminal& terminal) const
{
    if (!m_anchor)
        return std::nullopt;
    if (m_by == By::Characters) {
        const auto [begin, end] = std::minmax(m_anchor->boundary, m_end.boundary);
        if (begin == end)
            return std::nullopt;
        return terminal::Range{begin, end};
    }
    const auto around = [&](const Point& point) {
        return m_by == By::Words ? terminal.wordAt(point.cell) : terminal.logicalLineAt(point.cell.line);
    };
    const terminal::Range a = around(*m_anchor);
    const terminal::Range b = around(m_end);
    return terminal::Range{std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

} // namespace rocker::gui
