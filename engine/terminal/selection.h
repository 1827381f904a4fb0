#pragma once

#include "engine/terminal/screen.h"
#include "engine/terminal/terminal.h"

#include <string>
#include <string_view>

namespace rocker::terminal
{

std::string selectedText(const Screen& screen, Range range);
Range wordAt(const Screen& screen, Position position, std::string_view wordSigns);
Range logicalLineAt(const Screen& screen, LineNumber line);
std::string screenText(const Screen& screen);

} // namespace rocker::terminal
