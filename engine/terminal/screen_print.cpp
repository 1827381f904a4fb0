#include "engine/terminal/screen.h"

#include "engine/terminal/utf8.h"
#include "engine/terminal/width.h"

#include <algorithm>

namespace rocker::terminal
{

void Screen::wrap()
{
    if (m_cursor.x == columns() - 1)
        currentRow().wrapped = true;
    const int start = m_cursor.x >= m_left ? m_left : 0;
    lineFeed();
    m_cursor.x = start;
}

void Screen::printAscii(std::string_view run)
{
    if (!m_cursor.charsets.plain()) {
        for (const char c : run)
            print(char32_t(c));
        return;
    }
    const char last = run.back();
    while (!run.empty()) {
        if (m_cursor.pendingWrap)
            wrap();
        const int end = lineEnd();
        const int x = m_cursor.x;
        if (!m_modes.autowrap && run.size() > std::size_t(end - x)) {
            // What does not fit overwrites the last column: only its last character stays.
            if (end - x > 1)
                printAscii(run.substr(0, std::size_t(end - x - 1)));
            run = run.substr(run.size() - 1);
            continue;
        }
        const int n = int(std::min(run.size(), std::size_t(end - x)));
        Row& row = currentRow();
        if (m_modes.insert)
            m_grid->shiftCells(row, x, end, n, blankStyle());
        m_grid->breakWide(row, x, x + n);
        Cell* cell = row.cells + x;
        const Style style = m_cursor.style;
        for (int i = 0; i < n; ++i)
            cell[i] = Cell(std::uint32_t(run[std::size_t(i)]), style);
        row.used = std::max(row.used, x + n);
        row.dirty = true;
        run.remove_prefix(std::size_t(n));
        if (x + n < end) {
            m_cursor.x = x + n;
        } else {
            m_cursor.x = end - 1;
            m_cursor.pendingWrap = m_modes.autowrap;
            if (end == columns())
                row.wrapped = false;
        }
    }
    m_lastPrinted = char32_t(last);
}

void Screen::print(char32_t c)
{
    Charsets& charsets = m_cursor.charsets;
    if (!charsets.plain()) {
        const Charset set = charsets.sets[charsets.singleShift ? charsets.singleShift : charsets.left];
        charsets.singleShift = 0;
        if (c < 0x80)
            c = translate(set, c);
    }
    const int width = codePointWidth(c);
    if (width == 0) {
        join(c);
        return;
    }
    if ((m_modes.graphemeClusters || isRegionalIndicator(c)) && join(c))
        return;
    m_lastPrinted = c;
    put(c, width);
}

void Screen::put(char32_t c, int width)
{
    if (m_cursor.pendingWrap)
        wrap();
    int end = lineEnd();
    if (width == 2 && m_cursor.x + 2 > end) {
        if (end - (m_cursor.x >= m_left && m_cursor.x <= m_right ? m_left : 0) < 2) {
            c = replacementCharacter; // no line has room for it
            width = 1;
        } else if (m_modes.autowrap) {
            Row& row = currentRow();
            m_grid->breakWide(row, m_cursor.x, m_cursor.x + 1);
            row.cells[m_cursor.x] = Cell(Cell::Filler, blankStyle());
            row.used = std::max(row.used, m_cursor.x + 1);
            row.dirty = true;
            wrap();
            end = lineEnd();
        } else {
            m_cursor.x = end - 2;
        }
    }
    Row& row = currentRow();
    const int x = m_cursor.x;
    if (m_modes.insert)
        m_grid->shiftCells(row, x, end, width, blankStyle());
    m_grid->breakWide(row, x, x + width);
    row.cells[x] = Cell(std::uint32_t(c) | (width == 2 ? Cell::Wide : 0u), m_cursor.style);
    if (width == 2)
        row.cells[x + 1] = Cell(Cell::Spacer, m_cursor.style);
    row.used = std::max(row.used, x + width);
    row.dirty = true;
    if (x + width < end) {
        m_cursor.x = x + width;
    } else {
        m_cursor.x = end - 1;
        m_cursor.pendingWrap = m_modes.autowrap;
        if (end == columns())
            row.wrapped = false;
    }
}

// Puts the character into the cell before the cursor when it belongs there; combining characters always do.
bool Screen::join(char32_t c)
{
    const bool combining = codePointWidth(c) == 0;
    Row& row = currentRow();
    int x = m_cursor.pendingWrap ? m_cursor.x : m_cursor.x - 1;
    if (x >= 0 && row.cells[x].spacer())
        --x;
    if (x < 0)
        return combining;
    const Cell& cell = row.cells[x];
    const char32_t single = cell.blank() ? U' ' : cell.codePoint();
    std::u32string text
        = cell.cluster() ? std::u32string(m_clusters.text(cell.clusterId())) : std::u32string(1, single);
    bool joins = combining;
    if (isRegionalIndicator(c))
        joins = text.size() == 1 && isRegionalIndicator(text[0]);
    else if (!combining && codePointWidth(text[0]) == 2)
        joins = isEmojiModifier(c) || (text.back() == zeroWidthJoiner && codePointWidth(c) == 2);
    if (!joins)
        return false;
    if (text.size() >= ClusterTable::maximumLength)
        return true;
    text += c;
    joinCell(row, x, text);
    if (isRegionalIndicator(c) || (m_modes.graphemeClusters && c == emojiPresentation && text.size() == 2))
        widenCell(row, x);
    return true;
}

void Screen::joinCell(Row& row, int x, std::u32string_view text)
{
    if (m_clusters.full())
        collectClusters();
    const Cell& cell = row.cells[x];
    row.cells[x] = Cell((cell.bits() & Cell::Wide) | Cell::Cluster | m_clusters.intern(text), cell.style);
    row.used = std::max(row.used, x + 1);
    row.dirty = true;
}

// A flag or an emoji by VS16 takes two cells, when its line has room for the second one.
void Screen::widenCell(Row& row, int x)
{
    if (row.cells[x].wide() || m_cursor.pendingWrap || x + 1 >= lineEnd() || m_cursor.x != x + 1)
        return;
    m_grid->breakWide(row, x + 1, x + 2);
    row.cells[x] = Cell(row.cells[x].bits() | Cell::Wide, row.cells[x].style);
    row.cells[x + 1] = Cell(Cell::Spacer, row.cells[x].style);
    row.used = std::max(row.used, x + 2);
    if (x + 2 < lineEnd()) {
        m_cursor.x = x + 2;
    } else {
        m_cursor.x = x + 1;
        m_cursor.pendingWrap = m_modes.autowrap;
    }
}

void Screen::repeat(int count)
{
    if (m_lastPrinted == 0)
        return;
    const int width = codePointWidth(m_lastPrinted);
    for (int i = std::min(count, columns() * rows()); i > 0; --i)
        put(m_lastPrinted, width);
}

} // namespace rocker::terminal
