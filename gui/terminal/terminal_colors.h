#pragma once

#include "engine/terminal/terminal.h"

#include <QColor>

namespace rocker::gui {

// A terminal's colours in the window's two appearances.
struct TerminalColors {
    terminal::Theme theme;
    QColor selection;

    static const TerminalColors& dark();
    static const TerminalColors& light();
};

// Looks a cell's colours up: the program's overrides first, then the theme.
class ColorTable
{
public:
    ColorTable(const TerminalColors& colors, const terminal::PaletteOverrides& overrides, bool reverseVideo);

    struct Pair {
        QRgb foreground;
        QRgb background;
    };
    Pair of(const terminal::Style& style) const;
    QRgb defaultForeground(const terminal::Style& style) const;
    QRgb color(terminal::Color color, QRgb whenDefault) const;
    QRgb background() const { return m_background; }
    QRgb foreground() const { return m_foreground; }
    QRgb cursor() const { return m_cursor; }

private:
    const TerminalColors& m_colors;
    const terminal::PaletteOverrides& m_overrides;
    QRgb m_foreground;
    QRgb m_background;
    QRgb m_cursor;
};

} // namespace rocker::gui
