#pragma once

#include "engine/terminal/terminal.h"

#include <optional>

namespace rocker::gui {

// What the pointer has marked: by characters, words or lines, always including what the press itself marked.
class TerminalSelection
{
public:
    enum class By { Characters, Words, Lines };

    // `cell` is the cell under the pointer, `boundary` the nearest gap between two cells.
    struct Point {
        terminal::Position cell;
        terminal::Position boundary;
    };
    void begin(const Point& point, By by);
    void extend(const Point& point);
    void selectAll(const terminal::Terminal& terminal);
    void clear() { m_anchor.reset(); }
    bool isActive() const { return m_anchor.has_value(); }

    // Empty when nothing is marked.
    std::optional<terminal::Range> range(const terminal::Terminal& terminal) const;

private:
    std::optional<Point> m_anchor;
    Point m_end;
    By m_by = By::Characters;
};

} // namespace rocker::gui
