#include "gui/terminal/terminal_painter.h"

#include "gui/terminal/box_drawing.h"

#include <QPainterPath>

namespace rocker::gui {

using terminal::Style;
using terminal::Underline;

void TerminalPainter::paintRow(const terminal::LineView& line, QPoint origin, int columns, Span selected,
                               const QColor& selection)
{
    const int width = m_font.cell().width();
    const int height = m_font.cell().height();
    const auto cells = line.cells();
    const int count = std::min(columns, int(cells.size()));
    const auto backgroundOf = [&](int column) {
        if (selected.contains(column))
            return selection.rgb();
        return column < count ? m_colors.of(cells[std::size_t(column)].style).background : m_colors.background();
    };
    for (int column = 0; column < columns;) {
        const QRgb color = backgroundOf(column);
        int end = column + 1;
        while (end < columns && backgroundOf(end) == color)
            ++end;
        if (color != m_colors.background())
            m_painter.fillRect(QRect(origin.x() + column * width, origin.y(), (end - column) * width, height),
                               QColor::fromRgb(color));
        column = end;
    }
    for (int column = 0; column < count; ++column) {
        const terminal::Cell& cell = cells[std::size_t(column)];
        if (cell.spacer())
            continue;
        const ColorTable::Pair pair = m_colors.of(cell.style);
        const QPoint at(origin.x() + column * width, origin.y());
        if (!cell.blank())
            paintCell(line, std::size_t(column), at, {pair.foreground, pair.background, cell.style.flags});
        if (cell.style.flags & (Style::underlineMask | Style::Strikethrough | Style::Overline))
            paintLines(cell, at, pair.foreground);
    }
    flushGlyphs();
}

void TerminalPainter::paintCell(const terminal::LineView& line, std::size_t column, QPoint at, const Look& look)
{
    const terminal::Cell& cell = line.cells()[column];
    const char32_t character = cell.codePoint();
    if (character == U' ' || character == U'\u00a0')
        return;
    const QRect place(at, QSize(m_font.cell().width() * (cell.wide() ? 2 : 1), m_font.cell().height()));
    if (paintBoxDrawing(m_painter, character, place, QColor::fromRgb(look.foreground), m_font.lineWidth()))
        return;
    TerminalFont::Face& face = m_font.face(look.flags & Style::Bold, look.flags & Style::Italic);
    const quint32 glyph = character ? face.glyph(character) : 0;
    if (glyph) {
        if (m_face != &face || m_color != look.foreground) {
            flushGlyphs();
            m_face = &face;
            m_color = look.foreground;
        }
        m_glyphs.append(glyph);
        m_positions.append(QPointF(at.x(), at.y() + m_font.ascent()));
        return;
    }
    // Clusters and what the font lacks: shaped by Qt with its other fonts, kept within the cell.
    std::string text;
    line.appendText(column, text);
    m_painter.save();
    m_painter.setClipRect(place, Qt::IntersectClip);
    m_painter.setFont(face.font);
    m_painter.setPen(QColor::fromRgb(look.foreground));
    m_painter.drawText(QPoint(at.x(), at.y() + m_font.ascent()), QString::fromStdString(text));
    m_painter.restore();
}

void TerminalPainter::flushGlyphs()
{
    if (m_glyphs.isEmpty())
        return;
    QGlyphRun run;
    run.setRawFont(m_face->raw);
    run.setGlyphIndexes(m_glyphs);
    run.setPositions(m_positions);
    m_painter.setPen(QColor::fromRgb(m_color));
    m_painter.drawGlyphRun(QPointF(0, 0), run);
    m_glyphs.clear();
    m_positions.clear();
}

void TerminalPainter::paintLines(const terminal::Cell& cell, QPoint at, QRgb color)
{
    const QRect place(at, QSize(m_font.cell().width() * (cell.wide() ? 2 : 1), m_font.cell().height()));
    const int thick = m_font.lineWidth();
    const QColor foreground = QColor::fromRgb(color);
    if (cell.style.has(Style::Strikethrough))
        m_painter.fillRect(place.left(), place.top() + m_font.ascent() * 2 / 3, place.width(), thick, foreground);
    if (cell.style.has(Style::Overline))
        m_painter.fillRect(place.left(), place.top(), place.width(), thick, foreground);
    if (cell.style.underline() != Underline::None)
        paintUnderline(cell.style.underline(), place,
                       m_colors.color(m_terminal.extraOf(cell.style).underlineColor, color));
}

void TerminalPainter::paintUnderline(Underline kind, QRect place, QRgb color)
{
    const int thick = m_font.lineWidth();
    const int bottom = place.bottom() + 1;
    const int y = std::min(place.top() + m_font.ascent() + 1, bottom - thick);
    const QColor ink = QColor::fromRgb(color);
    switch (kind) {
    case Underline::None:
        return;
    case Underline::Double:
        m_painter.fillRect(place.left(), bottom - thick, place.width(), thick, ink);
        m_painter.fillRect(place.left(), bottom - 3 * thick, place.width(), thick, ink);
        return;
    case Underline::Single:
        m_painter.fillRect(place.left(), y, place.width(), thick, ink);
        return;
    case Underline::Dotted:
    case Underline::Dashed: {
        const int step = kind == Underline::Dotted ? thick : std::max(3, place.width() / 2 - 1);
        for (int x = place.left(); x < place.right(); x += step + (kind == Underline::Dotted ? thick : 2))
            m_painter.fillRect(x, y, std::min(step, place.right() + 1 - x), thick, ink);
        return;
    }
    case Underline::Curly: {
        const qreal middle = bottom - 2.0;
        const qreal half = place.width() / 4.0;
        QPainterPath wave(QPointF(place.left(), middle));
        for (int i = 0; i < 2; ++i) {
            const qreal x = place.left() + i * 2 * half;
            wave.quadTo(x + half / 2, middle - 3, x + half, middle);
            wave.quadTo(x + half * 1.5, middle + 3, x + 2 * half, middle);
        }
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(QPen(ink, thick));
        m_painter.drawPath(wave);
        m_painter.restore();
        return;
    }
    }
}

void TerminalPainter::paintCursor(const terminal::LineView& line, QPoint origin, const terminal::Cursor& cursor, bool focused)
{
    const auto cells = line.cells();
    const std::size_t column = std::size_t(cursor.column);
    const bool wide = column < cells.size() && cells[column].wide();
    const QSize cell = m_font.cell();
    const QRect place(origin.x() + cursor.column * cell.width(), origin.y(), cell.width() * (wide ? 2 : 1), cell.height());
    const QColor color = QColor::fromRgb(m_colors.cursor());
    if (!focused) {
        m_painter.setPen(color);
        m_painter.drawRect(place.adjusted(0, 0, -1, -1));
        return;
    }
    switch (cursor.shape) {
    case terminal::CursorShape::Underline:
        m_painter.fillRect(place.left(), place.bottom() - 1, place.width(), 2, color);
        return;
    case terminal::CursorShape::Bar:
        m_painter.fillRect(place.left(), place.top(), 2, place.height(), color);
        return;
    case terminal::CursorShape::Block:
        break;
    }
    m_painter.fillRect(place, color);
    if (column < cells.size() && !cells[column].blank()) {
        paintCell(line, column, place.topLeft(), {m_colors.background(), m_colors.cursor(), cells[column].style.flags});
        flushGlyphs();
    }
}

} // namespace rocker::gui
