#include "gui/terminal/terminal_colors.h"

#include <algorithm>

namespace rocker::gui {

namespace {

constexpr QRgb opaque(terminal::Rgb rgb)
{
    return 0xff000000u | rgb;
}

TerminalColors make(terminal::Rgb foreground, terminal::Rgb background, terminal::Rgb cursor, QRgb selection,
                    const std::array<terminal::Rgb, 16>& ansi)
{
    TerminalColors colors;
    colors.theme.foreground = foreground;
    colors.theme.background = background;
    colors.theme.cursor = cursor;
    std::ranges::copy(ansi, colors.theme.colors.begin());
    colors.selection = QColor::fromRgb(selection);
    return colors;
}

QRgb halfway(QRgb a, QRgb b)
{
    return qRgb((qRed(a) * 3 + qRed(b) * 2) / 5, (qGreen(a) * 3 + qGreen(b) * 2) / 5, (qBlue(a) * 3 + qBlue(b) * 2) / 5);
}

} // namespace

const TerminalColors& TerminalColors::dark()
{
    static const TerminalColors colors
        = make(0xd9dee7, 0x15181e, 0x7cabff, 0xff2b4a7a,
               {0x2a303a, 0xf2777a, 0x7fc98a, 0xe6b455, 0x6ea2f7, 0xc792ea, 0x5ec4c8, 0xc5ccd6,
                0x5d6776, 0xff9a9c, 0xa3e0ab, 0xffd27f, 0x9cc2ff, 0xddb3f7, 0x8be0e3, 0xf4f6f9});
    return colors;
}

const TerminalColors& TerminalColors::light()
{
    static const TerminalColors colors
        = make(0x232b38, 0xffffff, 0x2460d8, 0xffc8dafb,
               {0x232b38, 0xc0342e, 0x1d7f3f, 0x946200, 0x2257c7, 0x8d3bb0, 0x0d7680, 0x8c96a5,
                0x5f6b7c, 0xd9534d, 0x2f9c56, 0xb37a0b, 0x4178e6, 0xa95cc9, 0x23919c, 0xb8c0cc});
    return colors;
}

ColorTable::ColorTable(const TerminalColors& colors, const terminal::PaletteOverrides& overrides, bool reverseVideo)
    : m_colors(colors), m_overrides(overrides), m_foreground(opaque(overrides.foreground.value_or(colors.theme.foreground))),
      m_background(opaque(overrides.background.value_or(colors.theme.background))),
      m_cursor(opaque(overrides.cursor.value_or(colors.theme.cursor)))
{
    if (reverseVideo)
        std::swap(m_foreground, m_background);
}

QRgb ColorTable::color(terminal::Color color, QRgb whenDefault) const
{
    switch (color.kind()) {
    case terminal::Color::Kind::Rgb:
        return opaque(color.rgbValue());
    case terminal::Color::Kind::Indexed:
        return opaque(m_overrides.colors[color.index()].value_or(m_colors.theme.colors[color.index()]));
    case terminal::Color::Kind::Default:
        break;
    }
    return whenDefault;
}

// The default foreground, or the one that a program has given to such text (OSC 5).
QRgb ColorTable::defaultForeground(const terminal::Style& style) const
{
    using terminal::Style;
    const bool applies[] = {style.has(Style::Bold), style.underline() != terminal::Underline::None, style.has(Style::Blink),
                            style.has(Style::Inverse), style.has(Style::Italic)};
    for (std::size_t i = 0; i < m_overrides.special.size(); ++i)
        if (applies[i] && m_overrides.special[i])
            return opaque(*m_overrides.special[i]);
    return m_foreground;
}

ColorTable::Pair ColorTable::of(const terminal::Style& style) const
{
    Pair pair{color(style.foreground, defaultForeground(style)), color(style.background, m_background)};
    if (style.has(terminal::Style::Inverse))
        std::swap(pair.foreground, pair.background);
    if (style.has(terminal::Style::Faint))
        pair.foreground = halfway(pair.foreground, pair.background);
    if (style.has(terminal::Style::Invisible))
        pair.foreground = pair.background;
    return pair;
}

} // namespace rocker::gui
