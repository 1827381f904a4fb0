#include "engine/terminal/screen.h"

#include <algorithm>

namespace rocker::terminal
{

Screen::Screen(Size size, int scrollbackLines, std::size_t scrollbackBytes)
    : m_history(scrollbackLines, scrollbackBytes, m_extras)
    , m_primary(std::make_unique<Grid>(size))
    , m_grid(m_primary.get())
    , m_bottom(size.rows - 1)
    , m_right(size.columns - 1)
{
    resetTabs();
}

void Screen::reset()
{
    const Size now = size();
    m_history.forget();
    m_extras.clear();
    m_clusters.clear();
    m_clusters.settle();
    m_alternate.reset();
    m_primary = std::make_unique<Grid>(now);
    m_grid = m_primary.get();
    m_modes = {};
    m_cursor = m_savedPrimary = m_savedAlternate = {};
    m_lastPrinted = 0;
    m_streamAreas = true;
    m_scroll = {};
    ++m_reflowCount;
    resetMargins();
    resetTabs();
}

void Screen::softReset()
{
    m_modes.insert = false;
    m_modes.autowrap = true;
    m_modes.reverseWrap = m_modes.extendedReverseWrap = false;
    m_modes.isoProtection = false;
    m_streamAreas = true;
    m_modes.leftRightMargins = false;
    m_cursor.style = {};
    m_cursor.origin = false;
    m_cursor.pendingWrap = false;
    m_cursor.charsets = {};
    savedCursor() = {};
    resetMargins();
}

void Screen::resize(Size wanted)
{
    if (wanted == size())
        return;
    resizeAlternate(wanted);
    const bool alternate = onAlternate();
    const ScreenCursor alternateCursor = m_cursor;
    if (alternate)
        m_cursor = m_savedPrimary;
    reflow(wanted);
    if (alternate) {
        m_savedPrimary = m_cursor;
        m_cursor = alternateCursor;
        m_grid = m_alternate.get();
    } else {
        m_grid = m_primary.get();
    }
    for (ScreenCursor* cursor : {&m_cursor, &m_savedPrimary, &m_savedAlternate})
        clampCursor(*cursor);
    resetMargins();
    const auto oldTabs = int(m_tabs.size());
    m_tabs.resize(std::size_t(wanted.columns));
    for (int x = oldTabs; x < wanted.columns; ++x)
        m_tabs[std::size_t(x)] = x % 8 == 0;
    m_scroll = {};
    touchAll();
}

void Screen::resizeAlternate(Size size)
{
    if (!m_alternate)
        return;
    auto resized = std::make_unique<Grid>(size);
    const Size old = m_alternate->size();
    // The cursor's row stays; rows above it go first when the screen gets lower.
    const int skip = onAlternate() ? std::clamp(m_cursor.y - (size.rows - 1), 0, old.rows) : 0;
    for (int y = 0; y < size.rows && y + skip < old.rows; ++y) {
        const Row& from = m_alternate->row(y + skip);
        Row& to = resized->row(y);
        to.used = std::min(from.used, size.columns);
        std::copy_n(from.cells, to.used, to.cells);
        if (to.used == size.columns && size.columns < old.columns && from.cells[size.columns].spacer())
            to.cells[size.columns - 1] = Cell(0, to.cells[size.columns - 1].style);
        to.marks = from.marks;
    }
    if (onAlternate()) {
        m_cursor.y -= skip;
        m_grid = resized.get();
    }
    m_alternate = std::move(resized);
}

void Screen::clampCursor(ScreenCursor& cursor)
{
    const Size size = m_primary->size();
    if (cursor.x >= size.columns || cursor.y >= size.rows)
        cursor.pendingWrap = false;
    cursor.x = std::clamp(cursor.x, 0, size.columns - 1);
    cursor.y = std::clamp(cursor.y, 0, size.rows - 1);
    cursor.pendingWrap = cursor.pendingWrap && cursor.x == size.columns - 1;
}

void Screen::switchTo(bool alternate)
{
    if (alternate == onAlternate())
        return;
    if (alternate && !m_alternate)
        m_alternate = std::make_unique<Grid>(size());
    m_grid = alternate ? m_alternate.get() : m_primary.get();
    m_scroll = {};
    touchAll();
}

void Screen::restoreCursor()
{
    const ScreenCursor& saved = savedCursor();
    m_cursor = saved;
    clampCursor(m_cursor);
}

void Screen::setUnderlineColor(Color color)
{
    if (m_extras.wantsCollection())
        collectExtras();
    m_cursor.style.extra = m_extras.intern(color, m_extras.entry(m_cursor.style.extra).link);
}

void Screen::setLink(std::uint32_t link)
{
    m_cursor.style.extra = m_extras.intern(m_extras.entry(m_cursor.style.extra).underlineColor, link);
}

void Screen::startLink(std::string_view id, std::string_view uri)
{
    if (m_extras.wantsCollection())
        collectExtras();
    setLink(m_extras.internLink(id, uri));
}

void Screen::collectExtras()
{
    std::vector<bool> marked(m_extras.size());
    for (const Grid* grid : {m_primary.get(), m_alternate.get()}) {
        for (int y = 0; grid && y < grid->size().rows; ++y) {
            const Row& row = grid->row(y);
            for (int x = 0; x < row.used; ++x)
                marked[row.cells[x].style.extra] = true;
        }
    }
    for (const ScreenCursor* cursor : {&m_cursor, &m_savedPrimary, &m_savedAlternate})
        marked[cursor->style.extra] = true;
    m_extras.collect(marked);
}

void Screen::collectClusters()
{
    ClusterTable kept;
    for (Grid* grid : {m_primary.get(), m_alternate.get()}) {
        for (int y = 0; grid && y < grid->size().rows; ++y) {
            Row& row = grid->row(y);
            for (int x = 0; x < row.used; ++x) {
                Cell& cell = row.cells[x];
                if (cell.cluster())
                    cell = Cell((cell.bits() & ~Cell::contentMask) | kept.intern(m_clusters.text(cell.clusterId())),
                        cell.style);
            }
        }
    }
    kept.settle();
    m_clusters = std::move(kept);
}

void Screen::markRow(std::uint8_t mark)
{
    Row& row = currentRow();
    row.marks |= mark;
    row.dirty = true;
}

void Screen::clearHistory()
{
    m_history.clear();
}

LineView Screen::row(int y) const
{
    const Row& row = m_grid->row(y);
    return {m_grid->cells(y), m_clusters, row.wrapped, row.marks};
}

LineView Screen::line(std::int64_t number, LineBuffer& buffer) const
{
    if (number < firstLine() || number >= m_screenLine + rows())
        return {};
    if (number >= m_screenLine)
        return row(int(number - m_screenLine));
    buffer.clusters.clear();
    const std::string_view packed = m_history.packed(number - (m_screenLine - m_history.size()));
    const PackedHeader header = unpackLine(packed, buffer.cells, buffer.clusters);
    return {buffer.cells, buffer.clusters, header.wrapped, header.marks};
}

std::size_t Screen::memoryUsed() const
{
    return m_history.memoryUsed() + m_extras.memoryUsed() + m_primary->memoryUsed()
        + (m_alternate ? m_alternate->memoryUsed() : 0) + m_clusters.size() * 128;
}

Screen::ScrollHint Screen::takeDamage(std::vector<int>& rows)
{
    for (int y = 0; y < m_grid->size().rows; ++y) {
        Row& row = m_grid->row(y);
        if (row.dirty)
            rows.push_back(y);
        row.dirty = false;
    }
    ScrollHint hint = m_scroll;
    m_scroll = {};
    const int height = hint.bottom - hint.top + 1;
    if (hint.mixed || std::abs(hint.lines) >= height)
        hint = {};
    return hint;
}

void Screen::touchAll()
{
    for (int y = 0; y < rows(); ++y)
        m_grid->row(y).dirty = true;
}

void Screen::noteScroll(int top, int bottom, int lines)
{
    if (m_scroll.mixed) {
        for (int y = top; y <= bottom; ++y)
            m_grid->row(y).dirty = true;
    } else if (m_scroll.lines == 0) {
        m_scroll = {top, bottom, lines, false};
    } else if (m_scroll.top == top && m_scroll.bottom == bottom) {
        m_scroll.lines = std::clamp(m_scroll.lines + lines, -1'000'000, 1'000'000);
    } else {
        for (int y = std::min(top, m_scroll.top); y <= std::max(bottom, m_scroll.bottom); ++y)
            m_grid->row(y).dirty = true;
        m_scroll.mixed = true;
    }
}

} // namespace rocker::terminal
