#include "engine/terminal/screen.h"

#include <algorithm>
#include <utility>

namespace rocker::terminal
{

void Screen::moveTo(int x, int y)
{
    moveToColumn(x);
    moveToRow(y);
}

void Screen::moveToColumn(int x)
{
    m_cursor.pendingWrap = false;
    m_cursor.x = m_cursor.origin ? std::clamp(m_left + x, m_left, m_right) : std::clamp(x, 0, columns() - 1);
}

void Screen::moveToRow(int y)
{
    m_cursor.pendingWrap = false;
    m_cursor.y = m_cursor.origin ? std::clamp(m_top + y, m_top, m_bottom) : std::clamp(y, 0, rows() - 1);
}

void Screen::moveBy(int dx, int dy)
{
    ScreenCursor& at = m_cursor;
    at.pendingWrap = false;
    if (dy < 0)
        at.y = std::max(at.y + dy, at.y >= m_top ? m_top : 0);
    else if (dy > 0)
        at.y = std::min(at.y + dy, at.y <= m_bottom ? m_bottom : rows() - 1);
    if (dx < 0)
        at.x = std::max(at.x + dx, at.x >= m_left ? m_left : 0);
    else if (dx > 0)
        at.x = std::min(at.x + dx, at.x <= m_right ? m_right : columns() - 1);
}

void Screen::carriageReturn()
{
    m_cursor.pendingWrap = false;
    m_cursor.x = m_cursor.origin || m_cursor.x >= m_left ? m_left : 0;
}

void Screen::lineFeed()
{
    m_cursor.pendingWrap = false;
    if (m_cursor.y == m_bottom) {
        if (inHorizontalMargins())
            scrollRegionUp(m_top, m_bottom, 1, Scrolled::Keep);
    } else if (m_cursor.y < rows() - 1) {
        ++m_cursor.y;
    }
}

void Screen::reverseLineFeed()
{
    m_cursor.pendingWrap = false;
    if (m_cursor.y == m_top) {
        if (inHorizontalMargins())
            scrollRegionDown(m_top, m_bottom, 1);
    } else if (m_cursor.y > 0) {
        --m_cursor.y;
    }
}

void Screen::backspace()
{
    ScreenCursor& at = m_cursor;
    const bool reverse = m_modes.autowrap && (m_modes.reverseWrap || m_modes.extendedReverseWrap);
    if (std::exchange(at.pendingWrap, false) && reverse)
        return;
    const int first = at.x >= m_left ? m_left : 0;
    if (at.x > first)
        --at.x;
    else if (reverse)
        (void)wrapBack();
}

// To the end of the line above, as xterm does since patch 383.
bool Screen::wrapBack()
{
    ScreenCursor& at = m_cursor;
    if (m_modes.extendedReverseWrap)
        at.y = at.y == m_top ? m_bottom : std::max(0, at.y - 1);
    else if (at.y > 0 && at.y != m_top && m_grid->row(at.y - 1).wrapped)
        --at.y;
    else
        return false;
    at.x = m_right;
    return true;
}

void Screen::cursorBack(int count)
{
    if (!m_modes.autowrap || !(m_modes.reverseWrap || m_modes.extendedReverseWrap))
        return moveBy(-count, 0);
    m_cursor.pendingWrap = false;
    while (count > 0) {
        const int first = m_cursor.x >= m_left ? m_left : 0;
        const int steps = std::min(count, m_cursor.x - first);
        m_cursor.x -= steps;
        count -= steps;
        if (count-- > 0 && !wrapBack())
            return;
    }
}

void Screen::tab(int count)
{
    const int last = m_cursor.x <= m_right ? m_right : columns() - 1;
    while (count-- > 0 && m_cursor.x < last) {
        do {
            ++m_cursor.x;
        } while (m_cursor.x < last && !m_tabs[std::size_t(m_cursor.x)]);
    }
}

void Screen::backTab(int count)
{
    m_cursor.pendingWrap = false;
    const int first = m_cursor.origin ? m_left : 0;
    while (count-- > 0 && m_cursor.x > first) {
        do {
            --m_cursor.x;
        } while (m_cursor.x > first && !m_tabs[std::size_t(m_cursor.x)]);
    }
}

void Screen::setTab(bool set)
{
    m_tabs[std::size_t(m_cursor.x)] = set;
}

void Screen::resetTabs()
{
    m_tabs.assign(std::size_t(columns()), false);
    for (std::size_t x = 0; x < m_tabs.size(); x += 8)
        m_tabs[x] = true;
}

std::vector<int> Screen::tabStops() const
{
    std::vector<int> stops;
    for (std::size_t x = 0; x < m_tabs.size(); ++x) {
        if (m_tabs[x])
            stops.push_back(int(x) + 1);
    }
    return stops;
}

void Screen::columnForward()
{
    m_cursor.pendingWrap = false;
    if (m_cursor.x == m_right && inMargins())
        shiftColumns(m_left, -1);
    else if (m_cursor.x < columns() - 1 && m_cursor.x != m_right)
        ++m_cursor.x;
}

void Screen::columnBack()
{
    m_cursor.pendingWrap = false;
    if (m_cursor.x == m_left && inMargins())
        shiftColumns(m_left, 1);
    else if (m_cursor.x > 0 && m_cursor.x != m_left)
        --m_cursor.x;
}

void Screen::setVerticalMargins(int top, int bottom)
{
    top = std::clamp(top, 0, rows() - 1);
    bottom = std::clamp(bottom, 0, rows() - 1);
    if (top >= bottom && rows() > 1)
        return;
    m_top = top;
    m_bottom = bottom;
    moveTo(0, 0);
}

void Screen::setHorizontalMargins(int left, int right)
{
    left = std::clamp(left, 0, columns() - 1);
    right = std::clamp(right, 0, columns() - 1);
    if (left >= right && columns() > 1)
        return;
    m_left = left;
    m_right = right;
    moveTo(0, 0);
}

void Screen::setLeftRightMarginMode(bool on)
{
    m_modes.leftRightMargins = on;
    m_left = 0;
    m_right = columns() - 1;
}

void Screen::setOrigin(bool on)
{
    m_cursor.origin = on;
    moveTo(0, 0);
}

void Screen::resetMargins()
{
    m_top = 0;
    m_bottom = rows() - 1;
    m_left = 0;
    m_right = columns() - 1;
}

} // namespace rocker::terminal
