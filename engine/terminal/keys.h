#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace rocker::terminal
{

// Keys that have no text of their own. Letters, digits and signs go through Terminal::encodeText().
enum class Key : std::uint8_t {
    Up,
    Down,
    Right,
    Left,
    Home,
    End,
    Insert,
    Delete,
    PageUp,
    PageDown,
    Begin,
    Return,
    Tab,
    Backspace,
    Escape,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    F10,
    F11,
    F12,
    F13,
    F14,
    F15,
    F16,
    F17,
    F18,
    F19,
    F20,
    // These send something only to a program that has asked for every key (the kitty keyboard protocol).
    CapsLock,
    ScrollLock,
    NumLock,
    PrintScreen,
    Pause,
    Menu,
    LeftShift,
    LeftControl,
    LeftAlt,
    LeftSuper,
    RightShift,
    RightControl,
    RightAlt,
    RightSuper,
    KeypadEnter,
    KeypadMultiply,
    KeypadAdd,
    KeypadComma,
    KeypadSubtract,
    KeypadPeriod,
    KeypadDivide,
    KeypadEqual,
    Keypad0,
    Keypad1,
    Keypad2,
    Keypad3,
    Keypad4,
    Keypad5,
    Keypad6,
    Keypad7,
    Keypad8,
    Keypad9,
};

// A set: combine with |. Meta is the key with the window system's logo, which others call Super.
enum class Modifiers : std::uint8_t { None = 0, Shift = 1, Alt = 2, Control = 4, Meta = 8 };

constexpr Modifiers operator|(Modifiers a, Modifiers b)
{
    return Modifiers(std::uint8_t(a) | std::uint8_t(b));
}

constexpr bool has(Modifiers set, Modifiers one)
{
    return std::uint8_t(set) & std::uint8_t(one);
}

enum class KeyAction : std::uint8_t { Press = 1, Repeat = 2, Release = 3 };

// All that a window knows of one event of one key.
struct KeyEvent {
    std::optional<Key> key; // of a key without text of its own; else:
    char32_t codePoint = 0; // the character of the key alone, in the keyboard's layout, never with Shift; 0: no key at all
    char32_t shifted = 0; // with Shift; 0: not known
    char32_t base = 0; // where the key is on a US keyboard; 0: not known
    std::string text; // UTF-8, what it types
    Modifiers modifiers = Modifiers::None;
    KeyAction action = KeyAction::Press;
};

enum class MouseButton : std::uint8_t { None, Left, Middle, Right, WheelUp, WheelDown, WheelLeft, WheelRight };
enum class MouseAction : std::uint8_t { Press, Release, Move };

// A pointer event over a cell, both coordinates from 0. Of a Move, `button` is the one held down, or None.
struct MouseEvent {
    MouseAction action = MouseAction::Press;
    MouseButton button = MouseButton::None;
    int column = 0;
    int row = 0;
    Modifiers modifiers = Modifiers::None;
    int x = 0; // the place in pixels of the screen's area, for a program that wants it so
    int y = 0;
};

} // namespace rocker::terminal
