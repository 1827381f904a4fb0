#pragma once

#include "engine/terminal/keys.h"
#include "engine/terminal/terminal.h"

#include <string>

namespace rocker::terminal
{

// The report of a pointer event in the given mode; empty when the mode does not want it. Coordinates past column 223
// have no form without SGR: such events are left out.
std::string encodeMouse(const MouseEvent& event, MouseMode mode, bool sgr);

} // namespace rocker::terminal
