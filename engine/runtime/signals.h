#pragma once

#include "engine/base/result.h"

#include <string_view>

namespace rocker::runtime {

// "TERM", "SIGTERM", "sigterm", "RTMIN+3" or "15" (signal(7)); 0 only tests.
Result<int> parseSignal(std::string_view text);

} // namespace rocker::runtime
