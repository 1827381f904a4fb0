#pragma once

#include "engine/terminal/parser.h"
#include "engine/terminal/screen.h"

#include <string>

namespace rocker::terminal
{

// Select Graphic Rendition on the screen's current style.
void applySgr(Screen& screen, const Parameters& parameters);
// The parameters that give the style again, as DECRQSS reports it: "0;1;4:3;38:2::255:0:0".
std::string describeSgr(const Style& style, Color underlineColor);

} // namespace rocker::terminal
