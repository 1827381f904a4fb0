#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rocker::terminal
{

using Rgb = std::uint32_t; // 0xRRGGBB

// The colours the window starts from, needed to answer a program that asks for them (OSC 4, 10, 11, 12).
struct Theme {
    Rgb foreground = 0xd0d0d0;
    Rgb background = 0x101010;
    Rgb cursor = 0xd0d0d0;
    std::array<Rgb, 256> colors = defaultColors();

    static constexpr std::array<Rgb, 256> defaultColors();
};

// xterm's sixteen, the 6x6x6 cube and the grey ramp.
constexpr std::array<Rgb, 256> Theme::defaultColors()
{
    std::array<Rgb, 256> colors = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
        0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
    constexpr std::array<Rgb, 6> levels = {0, 0x5f, 0x87, 0xaf, 0xd7, 0xff};
    for (Rgb i = 0; i < 216; ++i)
        colors[16 + i] = levels[i / 36] << 16 | levels[i / 6 % 6] << 8 | levels[i % 6];
    for (Rgb i = 0; i < 24; ++i)
        colors[232 + i] = (8 + 10 * i) * 0x010101;
    return colors;
}

// What programs changed of the theme; the painter asks here first.
struct PaletteOverrides {
    std::array<std::optional<Rgb>, 256> colors;
    std::optional<Rgb> foreground;
    std::optional<Rgb> background;
    std::optional<Rgb> cursor;
    // Of text that has the default colour and is bold, underlined, blinking, reversed or italic (OSC 5).
    std::array<std::optional<Rgb>, 5> special;
};

// "rgb:R/G/B" with 1 to 4 hex digits each, scaled; "rgbi:R/G/B" with numbers from 0 to 1; or "#RGB", "#RRGGBB",
// "#RRRGGGBBB", "#RRRRGGGGBBBB", whose digits are the highest ones (XParseColor(3)).
std::optional<Rgb> parseColor(std::string_view specification);
// "rgb:RRRR/GGGG/BBBB", as answers write it.
std::string formatColor(Rgb color);

} // namespace rocker::terminal
