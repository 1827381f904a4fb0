#include "engine/terminal/emulator.h"
#include "engine/terminal/sgr.h"

#include <algorithm>
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

// DECDSR of what a terminal of today does not have: there is none, or nothing in it.
void reportPeripheral(Emulator& e, int kind, int id)
{
    switch (kind) {
    case 15: // printer
        return e.answer("\x1b[?13n");
    case 25: // user-defined keys
        return e.answer("\x1b[?21n");
    case 26: // keyboard: North American
        return e.answer("\x1b[?27;1;0;0n");
    case 53: // locator
    case 55:
        return e.answer("\x1b[?50n");
    case 56: // its kind
        return e.answer("\x1b[?57;0n");
    case 62: // room for macros
        return e.answer("\x1b[0*{");
    case 63: // checksum of the macros
        return e.answer(std::format("\x1bP{}!~0000\x1b\\", id));
    case 75: // integrity: no data was lost
        return e.answer("\x1b[?70n");
    case 85: // sessions
        return e.answer("\x1b[?83n");
    default:
        return;
    }
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
            e.answer("\x1b[?64;6;21;22;28c"); // VT420; selective erase, horizontal scrolling, colours, areas
    } else if (s.final == 'n' && !s.prefix && kind == 5) {
        e.answer("\x1b[0n");
    } else if (s.final == 'n' && kind == 6) {
        reportCursor(e, s.prefix == '?');
    } else if (s.final == 'n' && s.prefix == '?') {
        reportPeripheral(e, kind, s.parameters.at(1));
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
    else if (setting == "*x")
        value = screen.streamAreas() ? "0*x" : "2*x";
    else if (setting == "t")
        value = std::format("{}t", screen.rows());
    else if (setting == "*|")
        value = std::format("{}*|", screen.rows());
    else if (setting == "$}" || setting == "$~") // there is no status line
        value = "0" + std::string(setting);
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

// XTGETTCAP: names in hexadecimal, of the capabilities that programs ask for because terminfo cannot say them.
void reportCapabilities(Emulator& e, std::string_view names)
{
    constexpr std::pair<std::string_view, std::string_view> known[] = {
        {"436F", "323536"}, // Co: 256
        {"636F6C6F7273", "323536"}, // colors: 256
        {"524742", "382F382F38"}, // RGB: 8/8/8
        {"544E", "787465726D2D323536636F6C6F72"}, // TN: xterm-256color
        {"6E616D65", "787465726D2D323536636F6C6F72"}, // name
    };
    while (!names.empty()) {
        const std::string_view name = names.substr(0, names.find(';'));
        names.remove_prefix(std::min(names.size(), name.size() + 1));
        const auto same = [&](const auto& entry) {
            return std::ranges::equal(
                name, entry.first, [](char a, char b) { return (a >= 'a' && a <= 'f' ? a - 'a' + 'A' : a) == b; });
        };
        const auto found = std::ranges::find_if(known, same);
        if (found == std::end(known))
            e.answer("\x1bP0+r\x1b\\");
        else
            e.answer(std::format("\x1bP1+r{}={}\x1b\\", found->first, found->second));
    }
}

void Emulator::dcs(const Sequence& s, std::string_view text)
{
    if (s.final == 'q' && s.intermediate() == '+' && !s.prefix)
        reportCapabilities(*this, text);
    if (s.final == 'q' && s.intermediate() == '$' && !s.prefix)
        reportSetting(*this, text);
}

} // namespace rocker::terminal
