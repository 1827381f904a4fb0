#include "gui/terminal/key_map.h"

#include <array>
#include <optional>

namespace rocker::gui {

namespace {

using terminal::Key;

constexpr std::array named{
    std::pair{Qt::Key_Up, Key::Up},         std::pair{Qt::Key_Down, Key::Down},     std::pair{Qt::Key_Right, Key::Right},
    std::pair{Qt::Key_Left, Key::Left},     std::pair{Qt::Key_Home, Key::Home},     std::pair{Qt::Key_End, Key::End},
    std::pair{Qt::Key_Insert, Key::Insert}, std::pair{Qt::Key_Delete, Key::Delete}, std::pair{Qt::Key_PageUp, Key::PageUp},
    std::pair{Qt::Key_PageDown, Key::PageDown}, std::pair{Qt::Key_Return, Key::Return}, std::pair{Qt::Key_Tab, Key::Tab},
    std::pair{Qt::Key_Backtab, Key::Tab},   std::pair{Qt::Key_Backspace, Key::Backspace}, std::pair{Qt::Key_Escape, Key::Escape},
};

constexpr std::array keypad{
    std::pair{Qt::Key_Enter, Key::KeypadEnter},     std::pair{Qt::Key_Asterisk, Key::KeypadMultiply},
    std::pair{Qt::Key_Plus, Key::KeypadAdd},        std::pair{Qt::Key_Comma, Key::KeypadComma},
    std::pair{Qt::Key_Minus, Key::KeypadSubtract},  std::pair{Qt::Key_Period, Key::KeypadPeriod},
    std::pair{Qt::Key_Slash, Key::KeypadDivide},    std::pair{Qt::Key_Equal, Key::KeypadEqual},
    std::pair{Qt::Key_Clear, Key::Begin},
};

template<std::size_t N>
std::optional<Key> lookUp(const std::array<std::pair<Qt::Key, Key>, N>& table, int key)
{
    for (const auto& [qt, ours] : table)
        if (qt == key)
            return ours;
    return std::nullopt;
}

std::optional<Key> keyOf(const QKeyEvent& event)
{
    const int key = event.key();
    if (event.modifiers() & Qt::KeypadModifier) {
        if (key >= Qt::Key_0 && key <= Qt::Key_9)
            return Key(int(Key::Keypad0) + key - Qt::Key_0);
        if (const auto found = lookUp(keypad, key))
            return found;
    }
    if (key == Qt::Key_Enter)
        return Key::Return;
    if (key >= Qt::Key_F1 && key <= Qt::Key_F20)
        return Key(int(Key::F1) + key - Qt::Key_F1);
    return lookUp(named, key);
}

} // namespace

terminal::Modifiers modifiersOf(Qt::KeyboardModifiers modifiers)
{
    using enum terminal::Modifiers;
    return (modifiers & Qt::ShiftModifier ? Shift : None) | (modifiers & Qt::AltModifier ? Alt : None)
        | (modifiers & Qt::ControlModifier ? Control : None) | (modifiers & Qt::MetaModifier ? Meta : None);
}

std::string bytesOf(const QKeyEvent& event, const terminal::Terminal& terminal)
{
    terminal::Modifiers modifiers = modifiersOf(event.modifiers());
    if (const auto key = keyOf(event)) {
        if (event.key() == Qt::Key_Backtab)
            modifiers = modifiers | terminal::Modifiers::Shift;
        return terminal.encodeKey(*key, modifiers);
    }
    QString text = event.text();
    // With Control held, text() is the control character already (or nothing): the engine wants the key's own character.
    if (event.modifiers() & Qt::ControlModifier && event.key() >= 0x20 && event.key() < 0x7f)
        text = QString(QChar(event.key()).toLower());
    if (text.isEmpty())
        return {};
    return terminal.encodeText(text.toStdString(), modifiers);
}

} // namespace rocker::gui
