#include "engine/terminal/line_view.h"

#include "engine/terminal/utf8.h"

namespace rocker::terminal
{

int LineView::contentLength() const
{
    std::size_t length = m_cells.size();
    while (length > 0 && (m_cells[length - 1].blank() || m_cells[length - 1].codePoint() == U' ')
        && m_cells[length - 1].style == Style{})
        --length;
    return int(length);
}

void LineView::appendText(std::size_t column, std::string& out) const
{
    if (column >= m_cells.size())
        return;
    const Cell& cell = m_cells[column];
    if (cell.spacer())
        return;
    if (cell.blank()) {
        out += ' ';
    } else if (cell.cluster()) {
        for (const char32_t c : cluster(cell))
            appendUtf8(out, c);
    } else {
        appendUtf8(out, cell.codePoint());
    }
}

std::string LineView::text() const
{
    std::string out;
    for (std::size_t x = 0; x < m_cells.size(); ++x)
        appendText(x, out);
    out.resize(out.find_last_not_of(' ') + 1);
    return out;
}

} // namespace rocker::terminal
