#pragma once

#include "engine/terminal/keys.h"

#include <QKeyEvent>

namespace rocker::gui {

terminal::Modifiers modifiersOf(Qt::KeyboardModifiers modifiers);
// A key's press, repeat or release, for the engine to encode.
terminal::KeyEvent keyEventOf(const QKeyEvent& event);
bool isModifierKey(const QKeyEvent& event);

} // namespace rocker::gui
