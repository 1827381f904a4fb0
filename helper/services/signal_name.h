#pragma once

#include "engine/base/result.h"

#include <string>

namespace rocker {

// "TERM", "SIGTERM", "sigterm" or "15" (signal(7)), real-time ones as RTMIN+n.
Result<int> signalFromName(const std::string& name);

} // namespace rocker
