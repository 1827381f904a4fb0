#pragma once

#include "engine/base/result.h"

#include <chrono>
#include <string_view>

namespace rocker::runtime {

// As Go programs take it: numbers with units, "5s", "1m30s", "100ms", "1.5h"; "0" needs none.
Result<std::chrono::milliseconds> parseDuration(std::string_view text);

} // namespace rocker::runtime
