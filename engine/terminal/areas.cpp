#include "engine/terminal/areas.h"

#include "engine/terminal/emulator.h"

#include <algorithm>

namespace rocker::terminal
{

namespace
{

// Top, left, bottom and right from the parameter at `first` on; what is left out reaches to the end of the page.
std::optional<Screen::Area> areaFrom(const Emulator& e, const Parameters& p, int first)
{
    return e.screen.areaOf(
        p.amount(first) - 1, p.amount(first + 1) - 1, p.at(first + 2) - 1, p.at(first + 3) - 1);
}

constexpr std::uint16_t changeable = Style::Bold | Style::Blink | Style::Inverse | Style::Invisible
    | std::uint16_t(Underline::Single) << Style::underlineShift;

// 0 stands for all of them.
std::uint16_t flagOf(int sgr)
{
    switch (sgr) {
    case 0:
        return changeable;
    case 1:
        return Style::Bold;
    case 4:
        return std::uint16_t(Underline::Single) << Style::underlineShift;
    case 5:
        return Style::Blink;
    case 7:
        return Style::Inverse;
    case 8:
        return Style::Invisible;
    default:
        return 0;
    }
}

void setFlags(Style& style, std::uint16_t flags)
{
    if (flags & Style::underlineMask)
        style.setUnderline(Underline::Single);
    style.flags |= std::uint16_t(flags & ~Style::underlineMask);
}

void clearFlags(Style& style, std::uint16_t flags)
{
    if (flags & Style::underlineMask)
        style.setUnderline(Underline::None);
    style.flags &= std::uint16_t(~(flags & ~Style::underlineMask));
}

void reverseFlags(Style& style, std::uint16_t flags)
{
    if (flags & Style::underlineMask)
        style.setUnderline(style.underline() == Underline::None ? Underline::Single : Underline::None);
    style.flags ^= std::uint16_t(flags & ~Style::underlineMask);
}

} // namespace

void fillArea(Emulator& e, const Sequence& s)
{
    const int character = s.parameters.at(0);
    const bool graphic = (character >= 0x20 && character <= 0x7e) || (character >= 0xa0 && character <= 0xff);
    if (const auto area = areaFrom(e, s.parameters, 1); area && graphic)
        e.screen.fillArea(*area, char32_t(character));
}

void eraseArea(Emulator& e, const Sequence& s)
{
    if (const auto area = areaFrom(e, s.parameters, 0))
        e.screen.eraseArea(*area, s.final == '{');
}

// The pages (parameters 4 and 7) are all the one that there is.
void copyArea(Emulator& e, const Sequence& s)
{
    if (const auto area = areaFrom(e, s.parameters, 0))
        e.screen.copyArea(*area, s.parameters.amount(6) - 1, s.parameters.amount(5) - 1);
}

void changeArea(Emulator& e, const Sequence& s)
{
    const auto area = areaFrom(e, s.parameters, 0);
    if (!area)
        return;
    for (int i = 4; i < std::max(s.parameters.count(), 5); ++i) {
        const int sgr = s.parameters.at(i);
        if (s.final == 't')
            e.screen.changeStyles(*area, reverseFlags, flagOf(sgr));
        else if (sgr == 0 || sgr > 21)
            e.screen.changeStyles(*area, clearFlags, flagOf(sgr == 22 ? 1 : std::max(sgr - 20, 0)));
        else
            e.screen.changeStyles(*area, setFlags, flagOf(sgr));
    }
}

void setAreaExtent(Emulator& e, const Sequence& s)
{
    if (s.parameters.at(0) <= 2)
        e.screen.setStreamAreas(s.parameters.at(0) != 2);
}

} // namespace rocker::terminal
