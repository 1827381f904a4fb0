#pragma once

namespace rocker::gui {

// Lets screen readers and tests read a TerminalView: role Terminal, whose text is the visible screen. Safe to repeat.
void installTerminalAccessibility();

} // namespace rocker::gui
