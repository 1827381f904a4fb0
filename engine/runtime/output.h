#pragma once

#include "engine/base/result.h"

#include <string_view>

namespace rocker::runtime {

// To standard output, whole.
Result<> print(std::string_view text);

} // namespace rocker::runtime
