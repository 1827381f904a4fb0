#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rocker::terminal
{

// RFC 4648, padding optional; nothing for anything else.
std::optional<std::string> decodeBase64(std::string_view text);

} // namespace rocker::terminal
