#include "engine/terminal/sgr.h"

#include <format>
#include <optional>

namespace rocker::terminal
{

namespace
{

std::optional<Color> rgb(int red, int green, int blue)
{
    if (red > 255 || green > 255 || blue > 255)
        return {};
    return Color::rgb(std::uint8_t(red), std::uint8_t(green), std::uint8_t(blue));
}

// After 38, 48 or 58 at `index`, which moves to the last parameter read. Forms: 38;5;n 38;2;r;g;b and with colons also
// 38:2:colourspace:r:g:b (ITU-T T.416).
std::optional<Color> extendedColor(const Parameters& p, int& index)
{
    if (p.isSub(index + 1)) {
        const int start = index + 1;
        int end = start;
        while (p.isSub(end))
            ++end;
        index = end - 1;
        const int count = end - start;
        if (p.at(start) == 5 && count >= 2 && p.at(start + 1) <= 255)
            return Color::indexed(std::uint8_t(p.at(start + 1)));
        if (p.at(start) == 2 && count >= 4) {
            const int first = count >= 5 ? start + 2 : start + 1;
            return rgb(p.at(first), p.at(first + 1), p.at(first + 2));
        }
        return {};
    }
    const int kind = p.at(index + 1);
    if (kind == 5) {
        index += 2;
        if (p.at(index) <= 255)
            return Color::indexed(std::uint8_t(p.at(index)));
    } else if (kind == 2) {
        index += 4;
        return rgb(p.at(index - 2), p.at(index - 1), p.at(index));
    } else {
        index += 1;
    }
    return {};
}

void setOne(Screen& screen, Style& style, int value)
{
    switch (value) {
    case 0: {
        const std::uint16_t kept = style.flags & Style::Protected;
        const std::uint16_t extra = style.extra;
        style = {.flags = kept, .extra = extra};
        if (extra)
            screen.setUnderlineColor({});
        break;
    }
    case 1:
        style.set(Style::Bold, true);
        break;
    case 2:
        style.set(Style::Faint, true);
        break;
    case 3:
        style.set(Style::Italic, true);
        break;
    case 4:
        style.setUnderline(Underline::Single);
        break;
    case 5:
    case 6:
        style.set(Style::Blink, true);
        break;
    case 7:
        style.set(Style::Inverse, true);
        break;
    case 8:
        style.set(Style::Invisible, true);
        break;
    case 9:
        style.set(Style::Strikethrough, true);
        break;
    case 21:
        style.setUnderline(Underline::Double);
        break;
    case 22:
        style.flags &= std::uint16_t(~(Style::Bold | Style::Faint));
        break;
    case 23:
        style.set(Style::Italic, false);
        break;
    case 24:
        style.setUnderline(Underline::None);
        break;
    case 25:
        style.set(Style::Blink, false);
        break;
    case 27:
        style.set(Style::Inverse, false);
        break;
    case 28:
        style.set(Style::Invisible, false);
        break;
    case 29:
        style.set(Style::Strikethrough, false);
        break;
    case 39:
        style.foreground = {};
        break;
    case 49:
        style.background = {};
        break;
    case 53:
        style.set(Style::Overline, true);
        break;
    case 55:
        style.set(Style::Overline, false);
        break;
    case 59:
        screen.setUnderlineColor({});
        break;
    default:
        if (value >= 30 && value <= 37)
            style.foreground = Color::indexed(std::uint8_t(value - 30));
        else if (value >= 40 && value <= 47)
            style.background = Color::indexed(std::uint8_t(value - 40));
        else if (value >= 90 && value <= 97)
            style.foreground = Color::indexed(std::uint8_t(value - 90 + 8));
        else if (value >= 100 && value <= 107)
            style.background = Color::indexed(std::uint8_t(value - 100 + 8));
        break;
    }
}

std::string describeColor(int base, Color color)
{
    if (color.kind() == Color::Kind::Rgb)
        return std::format(
            ";{}:2::{}:{}:{}", base, color.rgbValue() >> 16, color.rgbValue() >> 8 & 0xff, color.rgbValue() & 0xff);
    if (color.kind() == Color::Kind::Default)
        return {};
    const int index = color.index();
    if (base == 58 || index >= 16)
        return std::format(";{}:5:{}", base, index);
    return std::format(";{}", index < 8 ? base - 8 + index : base + 52 + index - 8);
}

} // namespace

void applySgr(Screen& screen, const Parameters& p)
{
    Style& style = screen.cursor().style;
    if (p.count() == 0) {
        setOne(screen, style, 0);
        return;
    }
    for (int i = 0; i < p.count(); ++i) {
        const int value = p.at(i);
        if (value == 38 || value == 48 || value == 58) {
            const auto color = extendedColor(p, i);
            if (!color)
                continue;
            if (value == 38)
                style.foreground = *color;
            else if (value == 48)
                style.background = *color;
            else
                screen.setUnderlineColor(*color);
        } else if (value == 4 && p.isSub(i + 1)) {
            if (p.at(i + 1) <= 5)
                style.setUnderline(Underline(p.at(i + 1)));
            ++i;
        } else {
            setOne(screen, style, value);
        }
        while (p.isSub(i + 1)) // of a parameter that has none
            ++i;
    }
}

std::string describeSgr(const Style& style, Color underlineColor)
{
    std::string out = "0";
    constexpr std::pair<Style::Flag, const char*> flags[] = {
        {Style::Bold, ";1"},
        {Style::Faint, ";2"},
        {Style::Italic, ";3"},
        {Style::Blink, ";5"},
        {Style::Inverse, ";7"},
        {Style::Invisible, ";8"},
        {Style::Strikethrough, ";9"},
        {Style::Overline, ";53"},
    };
    for (const auto& [flag, text] : flags) {
        if (style.has(flag))
            out += text;
    }
    if (style.underline() == Underline::Single)
        out += ";4";
    else if (style.underline() != Underline::None)
        out += std::format(";4:{}", int(style.underline()));
    return out + describeColor(38, style.foreground) + describeColor(48, style.background)
        + describeColor(58, underlineColor);
}

} // namespace rocker::terminal
