#include "engine/terminal/kitty_keys.h"

#include "engine/terminal/utf8.h"

#include <algorithm>
#include <format>

namespace rocker::terminal
{

namespace
{

// How a key without text is written: CSI number ; … final.
struct Form {
    int number;
    char final;
};

Form formOf(Key key)
{
    constexpr std::pair<Key, Form> named[] = {
        {Key::Up, {1, 'A'}},
        {Key::Down, {1, 'B'}},
        {Key::Right, {1, 'C'}},
        {Key::Left, {1, 'D'}},
        {Key::Begin, {1, 'E'}},
        {Key::End, {1, 'F'}},
        {Key::Home, {1, 'H'}},
        {Key::Insert, {2, '~'}},
        {Key::Delete, {3, '~'}},
        {Key::PageUp, {5, '~'}},
        {Key::PageDown, {6, '~'}},
        {Key::Return, {13, 'u'}},
        {Key::Tab, {9, 'u'}},
        {Key::Backspace, {127, 'u'}},
        {Key::Escape, {27, 'u'}},
        {Key::F1, {1, 'P'}},
        {Key::F2, {1, 'Q'}},
        {Key::F3, {13, '~'}}, // CSI R would be a cursor report
        {Key::F4, {1, 'S'}},
        {Key::F5, {15, '~'}},
        {Key::F6, {17, '~'}},
        {Key::F7, {18, '~'}},
        {Key::F8, {19, '~'}},
        {Key::F9, {20, '~'}},
        {Key::F10, {21, '~'}},
        {Key::F11, {23, '~'}},
        {Key::F12, {24, '~'}},
        {Key::KeypadMultiply, {57411, 'u'}},
        {Key::KeypadAdd, {57413, 'u'}},
        {Key::KeypadComma, {57416, 'u'}},
        {Key::KeypadSubtract, {57412, 'u'}},
        {Key::KeypadPeriod, {57409, 'u'}},
        {Key::KeypadDivide, {57410, 'u'}},
        {Key::KeypadEqual, {57415, 'u'}},
        {Key::KeypadEnter, {57414, 'u'}},
    };
    for (const auto& [one, form] : named)
        if (one == key)
            return form;
    if (key >= Key::F13 && key <= Key::F20)
        return {57376 + int(key) - int(Key::F13), 'u'};
    if (key >= Key::Keypad0 && key <= Key::Keypad9)
        return {57399 + int(key) - int(Key::Keypad0), 'u'};
    if (key >= Key::CapsLock && key <= Key::Menu)
        return {57358 + int(key) - int(Key::CapsLock), 'u'};
    if (key >= Key::LeftShift && key <= Key::LeftSuper)
        return {57441 + int(key) - int(Key::LeftShift), 'u'};
    return {57447 + int(key) - int(Key::RightShift), 'u'};
}

bool isModifier(Key key)
{
    return (key >= Key::CapsLock && key <= Key::NumLock) || (key >= Key::LeftShift && key <= Key::RightSuper);
}

// The keys that a shell needs after a program has ended without taking its flags back.
bool isBasic(Key key)
{
    return key == Key::Return || key == Key::Tab || key == Key::Backspace;
}

std::string withParameters(const KeyEvent& event, Form form, std::uint8_t flags)
{
    std::string text;
    if (flags & ReportKeyText && event.action != KeyAction::Release)
        for (const char32_t c : decodeUtf8(event.text))
            if (c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0))
                text += std::format("{}{}", text.empty() ? ";" : ":", std::uint32_t(c));
    std::string key = std::to_string(form.number);
    if (flags & ReportAlternateKeys && !event.key) {
        const bool shifted = has(event.modifiers, Modifiers::Shift) && event.shifted && event.shifted != event.codePoint;
        const bool base = event.base && event.base != event.codePoint;
        if (shifted || base)
            key += shifted ? std::format(":{}", std::uint32_t(event.shifted)) : ":";
        if (base)
            key += std::format(":{}", std::uint32_t(event.base));
    }
    const int modifiers = 1 + int(event.modifiers);
    const bool action = flags & ReportKeyActions && event.action != KeyAction::Press;
    std::string second;
    if (action)
        second = std::format(";{}:{}", modifiers, int(event.action));
    else if (modifiers > 1)
        second = std::format(";{}", modifiers);
    else if (!text.empty())
        second = ";";
    if (form.number == 1 && second.empty())
        key.clear();
    return std::format("\x1b[{}{}{}{}", key, second, text, form.final);
}

} // namespace

void KeyboardFlags::push(int flags)
{
    constexpr std::size_t maximum = 16;
    if (m_stack.size() == maximum)
        m_stack.erase(m_stack.begin());
    m_stack.push_back(std::uint8_t(flags & all));
}

void KeyboardFlags::pop(int count)
{
    m_stack.resize(m_stack.size() - std::min(m_stack.size(), std::size_t(std::max(count, 0))));
}

void KeyboardFlags::set(int flags, int mode)
{
    const auto wanted = std::uint8_t(flags & all);
    if (mode < 1 || mode > 3)
        return;
    if (m_stack.empty())
        m_stack.push_back(0);
    std::uint8_t& now = m_stack.back();
    now = mode == 1 ? wanted : mode == 2 ? std::uint8_t(now | wanted) : std::uint8_t(now & ~wanted);
}

std::string encodeKittyKey(const KeyEvent& event, std::uint8_t flags)
{
    if (event.action == KeyAction::Release && !(flags & ReportKeyActions))
        return {};
    const bool everything = flags & ReportAllKeys;
    if (event.key) {
        const Key key = *event.key;
        if (isModifier(key) && !everything)
            return {};
        const bool plain = event.modifiers == Modifiers::None && !everything;
        if (isBasic(key) && !everything) {
            if (event.action == KeyAction::Release)
                return {};
            if (plain)
                return key == Key::Return ? "\r" : key == Key::Tab ? "\t" : "\x7f";
        }
        if (plain && key >= Key::KeypadMultiply && event.action != KeyAction::Release && !event.text.empty())
            return event.text;
        // Only what is ambiguous otherwise is written anew; Escape is when keys are told apart.
        if (key == Key::Escape && plain && !(flags & DisambiguateKeys) && event.action != KeyAction::Release)
            return "\x1b";
        return withParameters(event, formOf(key), flags);
    }
    if (event.codePoint == 0) // an input method's text belongs to no key
        return event.action == KeyAction::Release ? std::string() : event.text;
    const bool typesText = !event.text.empty() && (event.modifiers == Modifiers::None || event.modifiers == Modifiers::Shift);
    if (typesText && !everything && event.action != KeyAction::Release)
        return event.text;
    return withParameters(event, {int(event.codePoint), 'u'}, flags);
}

} // namespace rocker::terminal
