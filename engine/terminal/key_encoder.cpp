#include "engine/terminal/key_encoder.h"

#include "engine/terminal/utf8.h"

#include <format>

namespace rocker::terminal
{

namespace
{

// CSI 1 ; m final with modifiers; without: CSI final, or SS3 final for the application cursor keys and F1 to F4.
struct LetterKey {
    Key key;
    char final;
    bool alwaysSs3;
};

constexpr LetterKey letterKeys[] = {
    {Key::Up, 'A', false},
    {Key::Down, 'B', false},
    {Key::Right, 'C', false},
    {Key::Left, 'D', false},
    {Key::Begin, 'E', false},
    {Key::End, 'F', false},
    {Key::Home, 'H', false},
    {Key::F1, 'P', true},
    {Key::F2, 'Q', true},
    {Key::F3, 'R', true},
    {Key::F4, 'S', true},
};

// CSI number ~, or CSI number ; m ~.
struct NumberKey {
    Key key;
    int number;
};

constexpr NumberKey numberKeys[] = {
    {Key::Insert, 2},
    {Key::Delete, 3},
    {Key::PageUp, 5},
    {Key::PageDown, 6},
    {Key::F5, 15},
    {Key::F6, 17},
    {Key::F7, 18},
    {Key::F8, 19},
    {Key::F9, 20},
    {Key::F10, 21},
    {Key::F11, 23},
    {Key::F12, 24},
    {Key::F13, 25},
    {Key::F14, 26},
    {Key::F15, 28},
    {Key::F16, 29},
    {Key::F17, 31},
    {Key::F18, 32},
    {Key::F19, 33},
    {Key::F20, 34},
};

// In the order of the enumeration from KeypadEnter on.
constexpr std::string_view keypadText = "\r*+,-./=0123456789";
constexpr std::string_view keypadFinals = "MjklmnoXpqrstuvwxy";

std::string withAlt(std::string text, Modifiers modifiers)
{
    return has(modifiers, Modifiers::Alt) ? "\x1b" + text : text;
}

std::string encodeSimple(Key key, Modifiers modifiers, const KeyModes& modes)
{
    switch (key) {
    case Key::Return:
        return withAlt(modes.newLine ? "\r\n" : "\r", modifiers);
    case Key::Tab:
        return withAlt(has(modifiers, Modifiers::Shift) ? "\x1b[Z" : "\t",
            has(modifiers, Modifiers::Shift) ? Modifiers::None : modifiers);
    case Key::Backspace:
        return withAlt(has(modifiers, Modifiers::Control) != modes.backarrowSendsBackspace ? "\x08" : "\x7f", modifiers);
    case Key::Escape:
        return withAlt("\x1b", modifiers);
    default:
        return {};
    }
}

// The byte that Control makes of a character, or -1.
int controlByte(char c)
{
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 1;
    if (c >= '@' && c <= '_')
        return c - '@';
    switch (c) {
    case ' ':
    case '2':
        return 0;
    case '3':
        return 0x1b;
    case '4':
        return 0x1c;
    case '5':
        return 0x1d;
    case '6':
        return 0x1e;
    case '7':
    case '/':
        return 0x1f;
    case '8':
    case '?':
        return 0x7f;
    default:
        return -1;
    }
}

} // namespace

std::string encodeKey(Key key, Modifiers modifiers, const KeyModes& modes)
{
    const int modifier = 1 + int(modifiers);
    for (const LetterKey& one : letterKeys) {
        if (one.key != key)
            continue;
        if (modifier > 1)
            return std::format("\x1b[1;{}{}", modifier, one.final);
        return std::format("\x1b{}{}", one.alwaysSs3 || modes.applicationCursorKeys ? 'O' : '[', one.final);
    }
    for (const NumberKey& one : numberKeys) {
        if (one.key == key)
            return modifier > 1 ? std::format("\x1b[{};{}~", one.number, modifier)
                                : std::format("\x1b[{}~", one.number);
    }
    if (key >= Key::KeypadEnter) {
        const auto index = std::size_t(key) - std::size_t(Key::KeypadEnter);
        if (!modes.applicationKeypad)
            return withAlt(std::string(1, keypadText[index]), modifiers);
        return modifier > 1 ? std::format("\x1bO{}{}", modifier, keypadFinals[index])
                            : std::format("\x1bO{}", keypadFinals[index]);
    }
    return encodeSimple(key, modifiers, modes);
}

std::string encodeText(std::string_view text, Modifiers modifiers)
{
    std::string out(text);
    if (has(modifiers, Modifiers::Control) && text.size() == 1) {
        if (const int byte = controlByte(text[0]); byte >= 0)
            out.assign(1, char(byte));
    }
    return withAlt(std::move(out), text.empty() ? Modifiers::None : modifiers);
}

// Without ESC and the C1 controls no end marker can be in the text, in whatever form.
std::string encodePaste(std::string_view text, const KeyModes& modes)
{
    std::string out = modes.bracketedPaste ? "\x1b[200~" : "";
    char32_t previous = 0;
    for (const char32_t c : decodeUtf8(text)) {
        if (c == U'\n' || c == U'\r') {
            if (c == U'\r' || previous != U'\r')
                out += '\r';
        } else if (c == U'\t' || (c >= 0x20 && c < 0x7f) || c >= 0xa0) {
            appendUtf8(out, c);
        }
        previous = c;
    }
    if (modes.bracketedPaste)
        out += "\x1b[201~";
    return out;
}

} // namespace rocker::terminal
