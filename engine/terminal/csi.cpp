#include "engine/terminal/areas.h"
#include "engine/terminal/emulator.h"
#include "engine/terminal/sgr.h"

#include <array>
#include <format>

namespace rocker::terminal
{

namespace
{

using E = Emulator;
using S = Sequence;

struct Entry {
    char prefix;
    char intermediate;
    char final;
    void (*act)(E&, const S&);
};

void eraseDisplay(E& e, const S& s)
{
    const int part = s.parameters.at(0);
    if (part <= 2)
        e.screen.eraseDisplay(Erase(part), s.prefix == '?');
    else if (part == 3 && !s.prefix)
        e.screen.clearHistory();
}

void eraseLine(E& e, const S& s)
{
    if (s.parameters.at(0) <= 2)
        e.screen.eraseLine(Erase(s.parameters.at(0)), s.prefix == '?');
}

void moveTo(E& e, const S& s)
{
    e.screen.moveTo(s.parameters.amount(1) - 1, s.parameters.amount(0) - 1);
}

void moveToColumn(E& e, const S& s)
{
    e.screen.moveToColumn(s.parameters.amount() - 1);
}

// Relative moves that know no margins (HPR, VPR).
void moveRelative(E& e, const S& s)
{
    const ScreenCursor& at = e.screen.cursor();
    const int x = at.x - (at.origin ? e.screen.leftMargin() : 0);
    const int y = at.y - (at.origin ? e.screen.topMargin() : 0);
    if (s.final == 'a')
        e.screen.moveToColumn(x + s.parameters.amount());
    else
        e.screen.moveToRow(y + s.parameters.amount());
}

void clearTab(E& e, const S& s)
{
    if (s.parameters.at(0) == 0)
        e.screen.setTab(false);
    else if (s.parameters.at(0) == 3)
        e.screen.clearTabs();
}

void setModes(E& e, const S& s)
{
    for (int i = 0; i < s.parameters.count(); ++i) {
        if (s.prefix == '?')
            setPrivateMode(e, s.parameters.at(i), s.final == 'h');
        else
            setAnsiMode(e, s.parameters.at(i), s.final == 'h');
    }
}

void saveModes(E& e, const S& s)
{
    for (int i = 0; i < s.parameters.count(); ++i) {
        const int mode = s.parameters.at(i);
        if (const int state = privateModeState(e, mode); state == 1 || state == 2)
            e.savedModes[mode] = state == 1;
    }
}

void restoreModes(E& e, const S& s)
{
    for (int i = 0; i < s.parameters.count(); ++i) {
        if (const auto saved = e.savedModes.find(s.parameters.at(i)); saved != e.savedModes.end())
            setPrivateMode(e, saved->first, saved->second);
    }
}

void requestMode(E& e, const S& s)
{
    const int mode = s.parameters.at(0);
    const int state = s.prefix ? privateModeState(e, mode) : ansiModeState(e, mode);
    e.answer(std::format("\x1b[{}{};{}$y", s.prefix ? "?" : "", mode, state));
}

void setVerticalMargins(E& e, const S& s)
{
    e.screen.setVerticalMargins(
        s.parameters.amount(0) - 1, s.parameters.at(1) ? s.parameters.at(1) - 1 : e.screen.rows() - 1);
}

void horizontalMarginsOrSave(E& e, const S& s)
{
    if (!e.screen.modes().leftRightMargins) {
        if (s.parameters.count() == 0)
            e.screen.saveCursor();
        return;
    }
    const int right = s.parameters.at(1) ? s.parameters.at(1) - 1 : e.screen.columns() - 1;
    e.screen.setHorizontalMargins(s.parameters.amount(0) - 1, right);
}

void setProtection(E& e, const S& s)
{
    if (s.parameters.at(0) <= 2)
        e.screen.cursor().style.set(Style::Protected, s.parameters.at(0) == 1);
    e.screen.modes().isoProtection = false;
}

constexpr Entry entries[] = {
    {0, 0, '@', [](E& e, const S& s) { e.screen.insertCharacters(s.parameters.amount()); }},
    {0, 0, 'A', [](E& e, const S& s) { e.screen.moveBy(0, -s.parameters.amount()); }},
    {0, 0, 'B', [](E& e, const S& s) { e.screen.moveBy(0, s.parameters.amount()); }},
    {0, 0, 'C', [](E& e, const S& s) { e.screen.moveBy(s.parameters.amount(), 0); }},
    {0, 0, 'D', [](E& e, const S& s) { e.screen.cursorBack(s.parameters.amount()); }},
    {0, 0, 'E', [](E& e, const S& s) { e.screen.moveBy(0, s.parameters.amount()), e.screen.carriageReturn(); }},
    {0, 0, 'F', [](E& e, const S& s) { e.screen.moveBy(0, -s.parameters.amount()), e.screen.carriageReturn(); }},
    {0, 0, 'G', moveToColumn},
    {0, 0, 'H', moveTo},
    {0, 0, 'I', [](E& e, const S& s) { e.screen.tab(s.parameters.amount()); }},
    {0, 0, 'J', eraseDisplay},
    {'?', 0, 'J', eraseDisplay},
    {0, 0, 'K', eraseLine},
    {'?', 0, 'K', eraseLine},
    {0, 0, 'L', [](E& e, const S& s) { e.screen.insertLines(s.parameters.amount()); }},
    {0, 0, 'M', [](E& e, const S& s) { e.screen.deleteLines(s.parameters.amount()); }},
    {0, 0, 'P', [](E& e, const S& s) { e.screen.deleteCharacters(s.parameters.amount()); }},
    {0, 0, 'S', [](E& e, const S& s) { e.screen.scrollUp(s.parameters.amount()); }},
    {0, 0, 'T',
        [](E& e, const S& s) {
            if (s.parameters.count() <= 1)
                e.screen.scrollDown(s.parameters.amount());
        }},
    {0, 0, '^', [](E& e, const S& s) { e.screen.scrollDown(s.parameters.amount()); }},
    {0, 0, 'X', [](E& e, const S& s) { e.screen.eraseCharacters(s.parameters.amount()); }},
    {0, 0, 'Z', [](E& e, const S& s) { e.screen.backTab(s.parameters.amount()); }},
    {0, 0, '`', moveToColumn},
    {0, 0, 'a', moveRelative},
    {0, 0, 'b', [](E& e, const S& s) { e.screen.repeat(s.parameters.amount()); }},
    {0, 0, 'c', reportDeviceStatus},
    {'>', 0, 'c', reportDeviceStatus},
    {'=', 0, 'c', reportDeviceStatus},
    {0, 0, 'd', [](E& e, const S& s) { e.screen.moveToRow(s.parameters.amount() - 1); }},
    {0, 0, 'e', moveRelative},
    {0, 0, 'f', moveTo},
    {0, 0, 'g', clearTab},
    {0, 0, 'h', setModes},
    {0, 0, 'l', setModes},
    {'?', 0, 'h', setModes},
    {'?', 0, 'l', setModes},
    {'?', 0, 's', saveModes},
    {'?', 0, 'r', restoreModes},
    {0, 0, 'm', [](E& e, const S& s) { applySgr(e.screen, s.parameters); }},
    {0, 0, 'n', reportDeviceStatus},
    {'?', 0, 'n', reportDeviceStatus},
    {0, '$', 'p', requestMode},
    {'?', '$', 'p', requestMode},
    {0, '!', 'p', [](E& e, const S&) { e.softReset(); }},
    {'>', 0, 'q', reportDeviceStatus},
    {0, ' ', 'q', [](E& e, const S& s) { e.setCursorStyle(s.parameters.at(0)); }},
    {0, '"', 'q', setProtection},
    {0, 0, 'r', setVerticalMargins},
    {0, 0, 's', horizontalMarginsOrSave},
    {0, 0, 't', [](E& e, const S& s) { windowOperation(e, s.parameters); }},
    {0, 0, 'u', [](E& e, const S&) { e.screen.restoreCursor(); }},
    {'>', 0, 'u', [](E& e, const S& s) { e.keyboardFlags().push(s.parameters.at(0)); }},
    {'<', 0, 'u', [](E& e, const S& s) { e.keyboardFlags().pop(s.parameters.amount()); }},
    {'=', 0, 'u', [](E& e, const S& s) { e.keyboardFlags().set(s.parameters.at(0), s.parameters.at(1, 1)); }},
    {'?', 0, 'u', [](E& e, const S&) { e.answer(std::format("\x1b[?{}u", e.keyboardFlags().current())); }},
    {0, 0, 'x', reportDeviceStatus},
    {0, '$', 'r', changeArea},
    {0, '$', 't', changeArea},
    {0, '$', 'v', copyArea},
    {0, '$', 'x', fillArea},
    {0, '$', 'z', eraseArea},
    {0, '$', '{', eraseArea},
    {0, '*', 'x', setAreaExtent},
    {0, '\'', '}', [](E& e, const S& s) { e.screen.insertColumns(s.parameters.amount()); }},
    {0, '\'', '~', [](E& e, const S& s) { e.screen.deleteColumns(s.parameters.amount()); }},
};

// For the sequences of a final byte alone, which are nearly all that occur: entry number + 1 by final byte.
constexpr auto plainIndex = [] {
    std::array<std::uint8_t, 128> index{};
    for (std::size_t i = 0; i < std::size(entries); ++i) {
        if (!entries[i].prefix && !entries[i].intermediate)
            index[std::size_t(entries[i].final)] = std::uint8_t(i + 1);
    }
    return index;
}();

} // namespace

void Emulator::csi(const Sequence& s)
{
    if (!s.prefix && !s.intermediateCount) {
        if (const int found = plainIndex[std::size_t(s.final) & 0x7f])
            entries[found - 1].act(*this, s);
        return;
    }
    if (s.intermediateCount > 1)
        return;
    for (const Entry& entry : entries) {
        if (entry.final == s.final && entry.prefix == s.prefix && entry.intermediate == s.intermediate()) {
            entry.act(*this, s);
            return;
        }
    }
}

} // namespace rocker::terminal
