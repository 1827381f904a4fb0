#include "engine/terminal/emulator.h"
#include "engine/terminal/sgr.h"

#include <format>

namespace rocker::terminal
{

namespace
{

void reportCursor(Emulator& e, bool extended)
{
    const ScreenCursor& at = e.screen.cursor();
    const int row = at.y - (at.origin ? e.screen.topMargin() : 0) + 1;
    const int column = at.x - (at.origin ? e.screen.leftMargin() : 0) + 1;
    e.answer(extended ? std::format("\x1b[?{};{};1R", row, column) : std::format("\x1b[{};{}R", row, column));
}

int cursorStyle(const Emulator& e)
{
    return 2 * int(e.cursorShape) + (e.cursorBlinking ? 1 : 2);
}

} // namespace

// DA1, DA2, DA3, DSR, DECXCPR, DECREQTPARM, XTVERSION.
void reportDeviceStatus(Emulator& e, const Sequence& s)
{
    const int kind = s.parameters.at(0);
    if (s.final == 'c' && kind == 0) {
        if (s.prefix == '>')
            e.answer("\x1b[>41;400;0c");
        else if (s.prefix == '=')
            e.answer("\x1bP!|00000000\x1b\\");
        else
            e.answer("\x1b[?64;6;21;22c"); // VT420; selective erase, horizontal scrolling, colours
    } else if (s.final == 'n' && !s.prefix && kind == 5) {
        e.answer("\x1b[0n");
    } else if (s.final == 'n' && kind == 6) {
        reportCursor(e, s.prefix == '?');
    } else if (s.final == 'n' && s.prefix == '?' && kind == 15) {
        e.answer("\x1b[?13n"); // no printer
    } else if (s.final == 'n' && s.prefix == '?' && kind == 26) {
        e.answer("\x1b[?27;1;0;0n");
    } else if (s.final == 'q' && kind == 0) {
        e.answer("\x1bP>|Rocker(0.1.0)\x1b\\");
    } else if (s.final == 'x' && kind <= 1) {
        e.answer(std::format("\x1b[{};1;1;128;128;1;0x", kind + 2));
    }
}

void reportSetting(Emulator& e, std::string_view setting)
{
    const Screen& screen = e.screen;
    std::string value;
    if (setting == "m")
        value = describeSgr(screen.cursor().style, screen.extras().entry(screen.cursor().style.extra).underlineColor)
            + "m";
    else if (setting == "r")
        value = std::format("{};{}r", screen.topMargin() + 1, screen.bottomMargin() + 1);
    else if (setting == "s")
        value = std::format("{};{}s", screen.leftMargin() + 1, screen.rightMargin() + 1);
    else if (setting == " q")
        value = std::format("{} q", cursorStyle(e));
    else if (setting == "\"q")
        value = std::format("{}\"q", int(screen.cursor().style.has(Style::Protected)));
    else if (setting == "\"p")
        value = "64;1\"p";
    e.answer(value.empty() ? "\x1bP0$r\x1b\\" : std::format("\x1bP1$r{}\x1b\\", value));
}

// Of XTWINOPS only the reports of sizes and the stack of titles: a program must not move windows, nor read titles back.
void windowOperation(Emulator& e, const Parameters& p)
{
    const Size size = e.screen.size();
    switch (p.at(0)) {
    case 14:
        e.answer(std::format("\x1b[4;{};{}t", size.rows * e.cellPixels.rows, size.columns * e.cellPixels.columns));
        break;
    case 16:
        e.answer(std::format("\x1b[6;{};{}t", e.cellPixels.rows, e.cellPixels.columns));
        break;
    case 18:
        e.answer(std::format("\x1b[8;{};{}t", size.rows, size.columns));
        break;
    case 19:
        e.answer(std::format("\x1b[9;{};{}t", size.rows, size.columns));
        break;
    case 22:
        e.pushTitle(p.at(1));
        break;
    case 23:
        e.popTitle(p.at(1));
        break;
    default:
        break;
    }
}

void Emulator::dcs(const Sequence& s, std::string_view text)
{
    if (s.final == 'q' && s.intermediate() == '$' && !s.prefix)
        reportSetting(*this, text);
}

} // namespace rocker::terminal
