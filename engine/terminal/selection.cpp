#include "engine/terminal/selection.h"

#include <algorithm>

namespace rocker::terminal
{

namespace
{

// How far words and logical lines are followed over wrapped rows.
constexpr LineNumber maximumRows = 2000;

void trimEnd(std::string& text, std::size_t from)
{
    while (text.size() > from && text.back() == ' ')
        text.pop_back();
}

// The cells [from, to) of a row; a wide character begun inside comes whole, the right half of one alone does not.
void appendCells(const LineView& line, int from, int to, std::string& out)
{
    const int end = std::min(to, int(line.cells().size()));
    for (int x = std::max(0, from); x < end; ++x) {
        if (!line.cells()[std::size_t(x)].filler())
            line.appendText(std::size_t(x), out);
    }
}

// Walks over the cells of a logical line in both directions, over wrapped rows.
class Walker
{
public:
    Walker(const Screen& screen, Position at)
        : m_screen(&screen)
        , m_at(at)
    {
        load();
    }
    Position position() const { return m_at; }
    const LineView& line() const { return m_line; }

    bool back()
    {
        if (m_at.column > 0) {
            --m_at.column;
            return true;
        }
        Walker above(*m_screen, {m_at.line - 1, 0});
        if (m_at.line <= m_screen->firstLine() || ++m_rows > maximumRows || !above.m_line.wrapped())
            return false;
        m_at = {m_at.line - 1, std::max(0, int(above.m_line.cells().size()) - 1)};
        load();
        return true;
    }
    bool forward()
    {
        if (m_at.column + 1 < int(m_line.cells().size())) {
            ++m_at.column;
            return true;
        }
        if (!m_line.wrapped() || ++m_rows > maximumRows)
            return false;
        m_at = {m_at.line + 1, 0};
        load();
        return !m_line.cells().empty();
    }
    // Of the cell: whether it is part of a word, by its first character.
    bool inWord(std::string_view wordSigns) const
    {
        if (m_at.column >= int(m_line.cells().size()))
            return false;
        const Cell& cell = m_line.cells()[std::size_t(m_at.column)];
        if (cell.spacer() || cell.filler() || cell.cluster())
            return true;
        const char32_t c = cell.codePoint();
        if (c >= 0x80)
            return c != 0xa0 && c != 0x3000 && !(c >= 0x2000 && c <= 0x206f) && !(c >= 0x2500 && c <= 0x259f);
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
            || (c > 0x20 && wordSigns.find(char(c)) != wordSigns.npos);
    }

private:
    void load() { m_line = m_screen->line(m_at.line, m_buffer); }

    const Screen* m_screen;
    Position m_at;
    LineBuffer m_buffer;
    LineView m_line;
    LineNumber m_rows = 0;
};

} // namespace

std::string selectedText(const Screen& screen, Range range)
{
    if (range.end < range.begin)
        std::swap(range.begin, range.end);
    const bool block = range.shape == Range::Shape::Block;
    const int left = std::min(range.begin.column, range.end.column);
    const int right = std::max(range.begin.column, range.end.column);
    const LineNumber first = std::max(range.begin.line, screen.firstLine());
    const LineNumber last = std::min(range.end.line, screen.screenLine() + screen.rows() - 1);
    std::string out;
    LineBuffer buffer;
    std::size_t lineStart = 0;
    for (LineNumber number = first; number <= last; ++number) {
        const LineView line = screen.line(number, buffer);
        const int from = block ? left : number == range.begin.line ? range.begin.column : 0;
        const int to = block ? right : number == range.end.line ? range.end.column : screen.columns();
        appendCells(line, from, to, out);
        if (!block && line.wrapped() && number < last)
            continue;
        trimEnd(out, lineStart);
        if (number < last)
            out += '\n';
        lineStart = out.size();
    }
    return out;
}

Range wordAt(const Screen& screen, Position position, std::string_view wordSigns)
{
    Walker back(screen, position);
    if (!back.inWord(wordSigns))
        return {position, {position.line, position.column + 1}};
    Position begin = position;
    while (back.back() && back.inWord(wordSigns))
        begin = back.position();
    Walker forward(screen, position);
    Position end = position;
    while (forward.forward() && forward.inWord(wordSigns))
        end = forward.position();
    return {begin, {end.line, end.column + 1}};
}

Range logicalLineAt(const Screen& screen, LineNumber number)
{
    LineBuffer buffer;
    LineNumber first = number;
    while (first > screen.firstLine() && number - first < maximumRows && screen.line(first - 1, buffer).wrapped())
        --first;
    LineNumber last = number;
    while (last - number < maximumRows && screen.line(last, buffer).wrapped())
        ++last;
    return {{first, 0}, {last, screen.columns()}};
}

std::string screenText(const Screen& screen)
{
    std::string out;
    for (int y = 0; y < screen.rows(); ++y)
        out += screen.row(y).text() + '\n';
    out.resize(out.find_last_not_of('\n') + 1);
    return out;
}

} // namespace rocker::terminal
