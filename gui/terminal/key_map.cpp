#include "gui/terminal/key_map.h"

#include <array>
#include <optional>
#include <string_view>

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

// The left ones.
constexpr std::array modifierKeys{
    std::pair{Qt::Key_Shift, Key::LeftShift}, std::pair{Qt::Key_Control, Key::LeftControl},
    std::pair{Qt::Key_Alt, Key::LeftAlt},     std::pair{Qt::Key_Meta, Key::LeftSuper},
    std::pair{Qt::Key_Super_L, Key::LeftSuper},
};

constexpr std::array others{
    std::pair{Qt::Key_CapsLock, Key::CapsLock}, std::pair{Qt::Key_ScrollLock, Key::ScrollLock},
    std::pair{Qt::Key_NumLock, Key::NumLock},   std::pair{Qt::Key_Print, Key::PrintScreen},
    std::pair{Qt::Key_Pause, Key::Pause},       std::pair{Qt::Key_Menu, Key::Menu},
    std::pair{Qt::Key_Super_R, Key::RightSuper},
};

// The right modifiers by their X keysyms (X11/keysymdef.h), which Qt has on X11 and Wayland alike.
constexpr std::pair<quint32, Key> rightModifiers[] = {
    {0xffe2, Key::RightShift}, {0xffe4, Key::RightControl}, {0xffea, Key::RightAlt}, {0xffec, Key::RightSuper}};

// By the evdev code plus 8, as X11 and xkb count: the character in that place of a US keyboard, 0 for none.
char32_t usCharacter(quint32 scanCode)
{
    struct Row {
        quint32 first;
        std::string_view characters;
    };
    constexpr Row rows[] = {{10, "1234567890-="}, {24, "qwertyuiop[]"}, {38, "asdfghjkl;'`"}, {51, "\\zxcvbnm,./"}, {65, " "}};
    for (const Row& row : rows)
        if (scanCode >= row.first && scanCode < row.first + row.characters.size())
            return char32_t(row.characters[scanCode - row.first]);
    return 0;
}

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
    for (const auto& [keysym, right] : rightModifiers)
        if (event.nativeVirtualKey() == keysym)
            return right;
    if (const auto found = lookUp(modifierKeys, key))
        return found;
    if (const auto found = lookUp(others, key))
        return found;
    return lookUp(named, key);
}

} // namespace

terminal::Modifiers modifiersOf(Qt::KeyboardModifiers modifiers)
{
    using enum terminal::Modifiers;
    return (modifiers & Qt::ShiftModifier ? Shift : None) | (modifiers & Qt::AltModifier ? Alt : None)
        | (modifiers & Qt::ControlModifier ? Control : None) | (modifiers & Qt::MetaModifier ? Meta : None);
}

terminal::KeyEvent keyEventOf(const QKeyEvent& event)
{
    terminal::KeyEvent out{.modifiers = modifiersOf(event.modifiers())};
    out.action = event.type() == QEvent::KeyRelease ? terminal::KeyAction::Release
        : event.isAutoRepeat()                      ? terminal::KeyAction::Repeat
                                                    : terminal::KeyAction::Press;
    out.text = event.text().toStdString();
    out.key = keyOf(event);
    if (event.key() == Qt::Key_Backtab)
        out.modifiers = out.modifiers | terminal::Modifiers::Shift;
    // Qt names a key by the character it has with the modifiers held; of letters always the capital one.
    if (!out.key && event.key() >= 0x20 && event.key() < 0x01000000) {
        const auto named = char32_t(event.key());
        out.base = usCharacter(event.nativeScanCode());
        out.codePoint = QChar::toLower(named);
        if (event.modifiers() & Qt::ShiftModifier) {
            out.shifted = named;
            if (!QChar::isLetter(named) && out.base)
                out.codePoint = out.base; // the digits and signs are where they are on most keyboards
        }
    }
    return out;
}

bool isModifierKey(const QKeyEvent& event)
{
    return lookUp(modifierKeys, event.key()).has_value();
}

} // namespace rocker::gui
