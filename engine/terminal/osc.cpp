#include "engine/terminal/base64.h"
#include "engine/terminal/emulator.h"
#include "engine/terminal/utf8.h"

#include <algorithm>
#include <charconv>
#include <format>

namespace rocker::terminal
{

namespace
{

// Takes the text up to the next ';' off the front.
std::string_view takeField(std::string_view& text)
{
    const auto end = std::min(text.find(';'), text.size());
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    return field;
}

int numberOf(std::string_view text)
{
    int number = -1;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return stop == end && error == std::errc() ? number : -1;
}

void setTitle(Emulator& e, int, std::string_view text)
{
    e.title = sanitizedText(text, Emulator::maximumTitle);
    e.events.title = true;
}

void setIconName(Emulator& e, int, std::string_view text)
{
    e.iconName = sanitizedText(text, Emulator::maximumTitle);
    e.events.iconName = true;
}

void setBothTitles(Emulator& e, int command, std::string_view text)
{
    setTitle(e, command, text);
    setIconName(e, command, text);
}

void paletteChanged(Emulator& e)
{
    e.events.palette = true;
    e.everythingDamaged = true;
}

struct NamedColor {
    std::optional<Rgb>* override = nullptr;
    Rgb fallback = 0;
};

// The colours of the palette, and after them the special ones, which OSC 5 counts from 0.
NamedColor indexedColor(Emulator& e, int index)
{
    if (index >= 0 && index < 256)
        return {&e.palette.colors[std::size_t(index)], e.options.theme.colors[std::size_t(index)]};
    if (index >= 256 && std::size_t(index - 256) < e.palette.special.size())
        return {&e.palette.special[std::size_t(index - 256)], e.options.theme.foreground};
    return {};
}

// 4;index;colour pairs; "?" asks.
void setPaletteColors(Emulator& e, int command, std::string_view text)
{
    while (!text.empty()) {
        const int index = numberOf(takeField(text));
        const std::string_view value = takeField(text);
        const NamedColor color = index < 0 ? NamedColor{} : indexedColor(e, command == 5 ? index + 256 : index);
        if (!color.override)
            continue;
        if (value == "?") {
            e.answer(std::format(
                "\x1b]{};{};{}\x1b\\", command, index, formatColor(color.override->value_or(color.fallback))));
        } else if (const auto parsed = parseColor(value)) {
            *color.override = parsed;
            paletteChanged(e);
        }
    }
}

void resetPaletteColors(Emulator& e, int command, std::string_view text)
{
    if (text.empty() && command == 104)
        e.palette.colors = {};
    else if (text.empty())
        e.palette.special = {};
    while (!text.empty()) {
        const int index = numberOf(takeField(text));
        if (const auto color = index < 0 ? NamedColor{} : indexedColor(e, command == 105 ? index + 256 : index); color.override)
            color.override->reset();
    }
    paletteChanged(e);
}

NamedColor namedColor(Emulator& e, int which)
{
    const Theme& theme = e.options.theme;
    if (which == 0)
        return {&e.palette.foreground, theme.foreground};
    if (which == 1)
        return {&e.palette.background, theme.background};
    return {&e.palette.cursor, theme.cursor};
}

// 10, 11, 12: each further value belongs to the next number.
void setNamedColors(Emulator& e, int command, std::string_view text)
{
    for (; command <= 12 && !text.empty(); ++command) {
        const std::string_view value = takeField(text);
        const NamedColor color = namedColor(e, command - 10);
        if (value == "?") {
            e.answer(std::format("\x1b]{};{}\x1b\\", command, formatColor(color.override->value_or(color.fallback))));
        } else if (const auto parsed = parseColor(value)) {
            *color.override = parsed;
            paletteChanged(e);
        }
    }
}

void resetNamedColor(Emulator& e, int command, std::string_view)
{
    namedColor(e, command - 110).override->reset();
    paletteChanged(e);
}

void setWorkingDirectory(Emulator& e, int, std::string_view text)
{
    e.workingDirectory = sanitizedText(text, 4096);
    e.events.workingDirectory = true;
}

// 8;key=value:…;URI — an empty URI ends the link.
void setHyperlink(Emulator& e, int, std::string_view text)
{
    std::string_view parameters = takeField(text);
    std::string_view id;
    while (!parameters.empty()) {
        const auto end = std::min(parameters.find(':'), parameters.size());
        if (const auto one = parameters.substr(0, end); one.starts_with("id="))
            id = one.substr(3, 256);
        parameters.remove_prefix(std::min(parameters.size(), end + 1));
    }
    const bool printable = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
    if (text.empty() || !printable || text.size() > StyleExtras::maximumUri)
        e.screen.setLink(0);
    else
        e.screen.startLink(id, text);
}

void writeClipboard(Emulator& e, int, std::string_view text)
{
    const std::string_view selections = takeField(text);
    if (!e.options.allowClipboardWrite || text == "?")
        return;
    if (auto decoded = decodeBase64(text))
        e.events.clipboard = ClipboardWrite{sanitizedText(selections, 16), std::move(*decoded)};
}

void markPrompt(Emulator& e, int, std::string_view text)
{
    const std::string_view kind = takeField(text);
    if (kind == "A") {
        e.screen.markRow(PromptStart);
    } else if (kind == "B") {
        e.screen.markRow(InputStart);
    } else if (kind == "C") {
        e.screen.markRow(OutputStart);
    } else if (kind == "D") {
        const int exitCode = std::max(0, numberOf(takeField(text)));
        e.screen.markRow(exitCode ? CommandEnd | CommandFailed : CommandEnd);
        e.events.commandExitCode = exitCode;
    }
}

struct Entry {
    int command;
    void (*act)(Emulator&, int, std::string_view);
};

constexpr Entry entries[] = {
    {0, setBothTitles},
    {1, setIconName},
    {2, setTitle},
    {4, setPaletteColors},
    {5, setPaletteColors},
    {7, setWorkingDirectory},
    {8, setHyperlink},
    {10, setNamedColors},
    {11, setNamedColors},
    {12, setNamedColors},
    {52, writeClipboard},
    {104, resetPaletteColors},
    {105, resetPaletteColors},
    {110, resetNamedColor},
    {111, resetNamedColor},
    {112, resetNamedColor},
    {133, markPrompt},
};

} // namespace

void Emulator::osc(std::string_view text)
{
    const int command = numberOf(takeField(text));
    for (const Entry& entry : entries) {
        if (entry.command == command) {
            entry.act(*this, command, text);
            return;
        }
    }
}

} // namespace rocker::terminal
