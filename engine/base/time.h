#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rocker {

// Seconds since 1970 of an RFC 3339 time ("2024-05-01T10:00:00.5+02:00"); nothing for anything else.
std::optional<std::int64_t> secondsOf(std::string_view time);

// "2024-05-01T08:00:00Z"
std::string timestampOf(std::int64_t seconds);

} // namespace rocker
