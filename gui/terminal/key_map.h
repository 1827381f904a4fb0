#pragma once

#include "engine/terminal/terminal.h"

#include <QKeyEvent>

#include <string>

namespace rocker::gui {

terminal::Modifiers modifiersOf(Qt::KeyboardModifiers modifiers);
// What a key press sends to the program; empty for a key that sends nothing (a lone Shift, a volume key).
std::string bytesOf(const QKeyEvent& event, const terminal::Terminal& terminal);

} // namespace rocker::gui
