#include "engine/terminal/mouse_encoder.h"

#include <format>

namespace rocker::terminal
{

namespace
{

int buttonCode(MouseButton button)
{
    switch (button) {
    case MouseButton::Left:
        return 0;
    case MouseButton::Middle:
        return 1;
    case MouseButton::Right:
        return 2;
    case MouseButton::None:
        return 3;
    case MouseButton::WheelUp:
        return 64;
    case MouseButton::WheelDown:
        return 65;
    case MouseButton::WheelLeft:
        return 66;
    case MouseButton::WheelRight:
        return 67;
    }
    return 3;
}

bool wanted(const MouseEvent& event, MouseMode mode)
{
    const bool wheel = event.button >= MouseButton::WheelUp;
    switch (event.action) {
    case MouseAction::Press:
        return mode != MouseMode::Off && event.button != MouseButton::None && !(mode == MouseMode::X10 && wheel);
    case MouseAction::Release:
        return mode >= MouseMode::Normal && !wheel;
    case MouseAction::Move:
        return mode == MouseMode::AnyMotion || (mode == MouseMode::ButtonMotion && event.button != MouseButton::None);
    }
    return false;
}

} // namespace

std::string encodeMouse(const MouseEvent& event, MouseMode mode, bool sgr)
{
    if (!wanted(event, mode) || event.column < 0 || event.row < 0)
        return {};
    int code = buttonCode(event.button);
    if (event.action == MouseAction::Move)
        code += 32;
    if (mode != MouseMode::X10) {
        code += has(event.modifiers, Modifiers::Shift) ? 4 : 0;
        code += has(event.modifiers, Modifiers::Alt) || has(event.modifiers, Modifiers::Meta) ? 8 : 0;
        code += has(event.modifiers, Modifiers::Control) ? 16 : 0;
    }
    if (sgr) {
        const char final = event.action == MouseAction::Release ? 'm' : 'M';
        return std::format("\x1b[<{};{};{}{}", code, event.column + 1, event.row + 1, final);
    }
    if (event.column >= 223 || event.row >= 223)
        return {};
    if (event.action == MouseAction::Release)
        code |= 3; // the old form does not say which button
    return {'\x1b', '[', 'M', char(32 + code), char(33 + event.column), char(33 + event.row)};
}

} // namespace rocker::terminal
