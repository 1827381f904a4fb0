#include "engine/terminal/screen.h"

#include <algorithm>

namespace rocker::terminal
{

void Screen::eraseCells(int y, int from, int to, bool selective)
{
    Row& row = m_grid->row(y);
    if (!selective) {
        m_grid->clearCells(row, from, to, blankStyle());
        return;
    }
    for (int x = from; x < std::min(to, row.used); ++x) {
        if (!row.cells[x].style.has(Style::Protected) && !row.cells[x].blank()) {
            m_grid->breakWide(row, x, x + 1);
            row.cells[x] = Cell(0, row.cells[x].style);
            row.dirty = true;
        }
    }
}

void Screen::eraseDisplay(Erase part, bool selective)
{
    m_cursor.pendingWrap = false;
    selective |= m_modes.isoProtection;
    const int first = part == Erase::ToEnd ? m_cursor.y + 1 : 0;
    const int last = part == Erase::ToStart ? m_cursor.y - 1 : rows() - 1;
    if (part != Erase::All)
        eraseLine(part, selective);
    for (int y = first; y <= last; ++y) {
        if (selective)
            eraseCells(y, 0, columns(), true);
        else
            m_grid->clearRow(m_grid->row(y), blankStyle());
    }
    if (first > 0 && part == Erase::ToEnd && m_cursor.x == 0 && !selective)
        currentRow().wrapped = false;
}

void Screen::eraseLine(Erase part, bool selective)
{
    m_cursor.pendingWrap = false;
    selective |= m_modes.isoProtection;
    const int from = part == Erase::ToEnd ? m_cursor.x : 0;
    const int to = part == Erase::ToStart ? m_cursor.x + 1 : columns();
    eraseCells(m_cursor.y, from, to, selective);
}

void Screen::eraseCharacters(int count)
{
    m_cursor.pendingWrap = false;
    eraseCells(m_cursor.y, m_cursor.x, std::min(columns(), m_cursor.x + count), m_modes.isoProtection);
}

void Screen::insertCharacters(int count)
{
    m_cursor.pendingWrap = false;
    if (inHorizontalMargins())
        m_grid->shiftCells(currentRow(), m_cursor.x, m_right + 1, count, blankStyle());
}

void Screen::deleteCharacters(int count)
{
    m_cursor.pendingWrap = false;
    if (inHorizontalMargins())
        m_grid->shiftCells(currentRow(), m_cursor.x, m_right + 1, -count, blankStyle());
}

void Screen::insertLines(int count)
{
    if (!inMargins())
        return;
    scrollRegionDown(m_cursor.y, m_bottom, count);
    m_cursor.pendingWrap = false;
    m_cursor.x = m_left;
}

void Screen::deleteLines(int count)
{
    if (!inMargins())
        return;
    scrollRegionUp(m_cursor.y, m_bottom, count, Scrolled::Discard);
    m_cursor.pendingWrap = false;
    m_cursor.x = m_left;
}

void Screen::shiftColumns(int from, int count)
{
    for (int y = m_top; y <= m_bottom; ++y)
        m_grid->shiftCells(m_grid->row(y), from, m_right + 1, count, blankStyle());
}

void Screen::insertColumns(int count)
{
    if (inMargins())
        shiftColumns(m_cursor.x, count);
}

void Screen::deleteColumns(int count)
{
    if (inMargins())
        shiftColumns(m_cursor.x, -count);
}

void Screen::scrollUp(int count)
{
    scrollRegionUp(m_top, m_bottom, count, Scrolled::Keep);
}

void Screen::scrollDown(int count)
{
    scrollRegionDown(m_top, m_bottom, count);
}

void Screen::pushToHistory(int y)
{
    const Row& row = m_grid->row(y);
    const int length = row.wrapped ? columns() : row.used;
    m_history.append({row.cells, std::size_t(length)}, row.wrapped, row.marks, m_clusters);
    ++m_screenLine;
}

void Screen::scrollRegionUp(int top, int bottom, int count, Scrolled out)
{
    const int height = bottom - top + 1;
    const int n = std::min(count, height);
    if (n <= 0)
        return;
    if (fullWidth()) {
        if (out == Scrolled::Keep && top == 0 && !onAlternate()) {
            for (int y = 0; y < n; ++y)
                pushToHistory(y);
        }
        m_grid->rotateUp(top, bottom, n);
        for (int y = bottom - n + 1; y <= bottom; ++y)
            m_grid->clearRow(m_grid->row(y), blankStyle());
        noteScroll(top, bottom, n);
        return;
    }
    for (int y = top; y <= bottom; ++y) {
        Row& to = m_grid->row(y);
        m_grid->clearCells(to, m_left, m_right + 1, blankStyle());
        if (y + n > bottom)
            continue;
        m_grid->copyCells(m_grid->row(y + n), to, m_left, m_right + 1);
    }
}

void Screen::scrollRegionDown(int top, int bottom, int count)
{
    const int height = bottom - top + 1;
    const int n = std::min(count, height);
    if (n <= 0)
        return;
    if (fullWidth()) {
        m_grid->rotateDown(top, bottom, n);
        for (int y = top; y < top + n; ++y)
            m_grid->clearRow(m_grid->row(y), blankStyle());
        noteScroll(top, bottom, -n);
        return;
    }
    for (int y = bottom; y >= top; --y) {
        Row& to = m_grid->row(y);
        m_grid->clearCells(to, m_left, m_right + 1, blankStyle());
        if (y - n >= top)
            m_grid->copyCells(m_grid->row(y - n), to, m_left, m_right + 1);
    }
}

void Screen::fillWithE()
{
    resetMargins();
    m_cursor.origin = false;
    moveTo(0, 0);
    for (int y = 0; y < rows(); ++y) {
        Row& row = m_grid->row(y);
        std::fill_n(row.cells, columns(), Cell('E', Style{}));
        row.used = columns();
        row.wrapped = false;
        row.dirty = true;
    }
}

} // namespace rocker::terminal
