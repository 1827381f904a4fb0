#include "engine/terminal/palette.h"

#include <charconv>
#include <cmath>
#include <format>

namespace rocker::terminal
{

namespace
{

// One to four hex digits, scaled to eight bits.
std::optional<Rgb> component(std::string_view digits)
{
    unsigned value = 0;
    const char* const end = digits.data() + digits.size();
    if (digits.empty() || digits.size() > 4 || std::from_chars(digits.data(), end, value, 16).ptr != end)
        return {};
    const unsigned largest = (1u << 4 * digits.size()) - 1;
    return (value * 255 + largest / 2) / largest;
}

// One to four hex digits, the highest ones of sixteen bits.
std::optional<Rgb> highComponent(std::string_view digits)
{
    unsigned value = 0;
    const char* const end = digits.data() + digits.size();
    if (digits.empty() || digits.size() > 4 || std::from_chars(digits.data(), end, value, 16).ptr != end)
        return {};
    return value << 4 * (4 - digits.size()) >> 8;
}

// Light from 0 to 1 as sRGB writes it down (IEC 61966-2-1).
std::optional<Rgb> intensity(std::string_view number)
{
    double value = 0;
    const char* const end = number.data() + number.size();
    if (number.empty() || std::from_chars(number.data(), end, value).ptr != end || !(value >= 0 && value <= 1))
        return {};
    const double encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * std::pow(value, 1 / 2.4) - 0.055;
    return Rgb(std::lround(encoded * 255));
}

using Component = std::optional<Rgb> (*)(std::string_view);

std::optional<Rgb> join(Component read, std::string_view red, std::string_view green, std::string_view blue)
{
    const auto r = read(red);
    const auto g = read(green);
    const auto b = read(blue);
    if (!r || !g || !b)
        return {};
    return *r << 16 | *g << 8 | *b;
}

} // namespace

std::optional<Rgb> parseColor(std::string_view text)
{
    if (text.starts_with("rgb:") || text.starts_with("rgbi:")) {
        const Component read = text[3] == 'i' ? intensity : component;
        text.remove_prefix(text.find(':') + 1);
        const auto first = text.find('/');
        const auto second = first == text.npos ? text.npos : text.find('/', first + 1);
        if (second == text.npos)
            return {};
        return join(read, text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1));
    }
    if (text.starts_with('#') && (text.size() == 4 || text.size() == 7 || text.size() == 10 || text.size() == 13)) {
        const std::size_t n = (text.size() - 1) / 3;
        return join(highComponent, text.substr(1, n), text.substr(1 + n, n), text.substr(1 + 2 * n, n));
    }
    return {};
}

std::string formatColor(Rgb color)
{
    const unsigned red = color >> 16 & 0xff;
    const unsigned green = color >> 8 & 0xff;
    const unsigned blue = color & 0xff;
    return std::format("rgb:{0:02x}{0:02x}/{1:02x}{1:02x}/{2:02x}{2:02x}", red, green, blue);
}

} // namespace rocker::terminal
