#pragma once

#include "gui/terminal/terminal_colors.h"
#include "gui/terminal/terminal_font.h"

#include <QGlyphRun>
#include <QPainter>

namespace rocker::gui {

// Paints one row of cells: backgrounds in runs, then glyphs in runs of one face and colour, then lines.
class TerminalPainter
{
public:
    TerminalPainter(QPainter& painter, TerminalFont& font, const ColorTable& colors, const terminal::Terminal& terminal)
        : m_painter(painter), m_font(font), m_colors(colors), m_terminal(terminal)
    {
    }

    // Columns [from, to) of a row that are selected.
    struct Span {
        int from = 0;
        int to = 0;
        bool contains(int column) const { return column >= from && column < to; }
    };
    void paintRow(const terminal::LineView& line, QPoint origin, int columns, Span selected, const QColor& selection);
    void paintCursor(const terminal::LineView& line, QPoint origin, const terminal::Cursor& cursor, bool focused);

private:
    struct Look {
        QRgb foreground;
        QRgb background;
        std::uint16_t flags;
        bool operator==(const Look&) const = default;
    };
    void paintCell(const terminal::LineView& line, std::size_t column, QPoint at, const Look& look);
    void flushGlyphs();
    void paintLines(const terminal::Cell& cell, QPoint at, QRgb color);
    void paintUnderline(terminal::Underline kind, QRect place, QRgb color);

    QPainter& m_painter;
    TerminalFont& m_font;
    const ColorTable& m_colors;
    const terminal::Terminal& m_terminal;
    QList<quint32> m_glyphs;
    QList<QPointF> m_positions;
    TerminalFont::Face* m_face = nullptr;
    QRgb m_color = 0;
};

} // namespace rocker::gui
