#include "engine/terminal/emulator.h"

namespace rocker::terminal
{

namespace
{

struct Entry {
    char intermediate;
    char final;
    void (*act)(Emulator&);
};

template <bool on> void applicationKeypad(Emulator& e)
{
    e.events.modes |= e.modes.applicationKeypad != on;
    e.modes.applicationKeypad = on;
}

// SPA and EPA (ECMA-48): unlike DECSCA's, this protection is spared by every erasing.
template <bool on> void protect(Emulator& e)
{
    e.screen.cursor().style.set(Style::Protected, on);
    e.screen.modes().isoProtection |= on;
}

constexpr Entry entries[] = {
    {0, '6', [](Emulator& e) { e.screen.columnBack(); }},
    {0, '7', [](Emulator& e) { e.screen.saveCursor(); }},
    {0, '8', [](Emulator& e) { e.screen.restoreCursor(); }},
    {0, '9', [](Emulator& e) { e.screen.columnForward(); }},
    {0, '=', applicationKeypad<true>},
    {0, '>', applicationKeypad<false>},
    {0, 'D', [](Emulator& e) { e.screen.lineFeed(); }},
    {0, 'E', [](Emulator& e) { e.screen.lineFeed(), e.screen.carriageReturn(); }},
    {0, 'H', [](Emulator& e) { e.screen.setTab(true); }},
    {0, 'M', [](Emulator& e) { e.screen.reverseLineFeed(); }},
    {0, 'N', [](Emulator& e) { e.screen.cursor().charsets.singleShift = 2; }},
    {0, 'O', [](Emulator& e) { e.screen.cursor().charsets.singleShift = 3; }},
    {0, 'V', protect<true>},
    {0, 'W', protect<false>},
    {0, 'Z', [](Emulator& e) { e.csi({.final = 'c'}); }},
    {0, 'c', [](Emulator& e) { e.reset(); }},
    {0, 'n', [](Emulator& e) { e.screen.cursor().charsets.left = 2; }},
    {0, 'o', [](Emulator& e) { e.screen.cursor().charsets.left = 3; }},
    {'#', '8', [](Emulator& e) { e.screen.fillWithE(); }},
};

} // namespace

void Emulator::escape(const Sequence& s)
{
    if (s.intermediateCount > 1)
        return;
    constexpr std::string_view designators = "()*+";
    if (const auto set = designators.find(s.intermediate()); s.intermediateCount && set != designators.npos) {
        screen.cursor().charsets.sets[set] = charsetOf(s.final);
        return;
    }
    for (const Entry& entry : entries) {
        if (entry.final == s.final && entry.intermediate == s.intermediate()) {
            entry.act(*this);
            return;
        }
    }
}

} // namespace rocker::terminal
