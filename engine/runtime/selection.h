#pragma once

#include "engine/runtime/context.h"

namespace rocker::runtime {

// The containers that a command means: its first argument, or with --regex those whose names have a match of it
// (regex(7), extended).
Result<std::vector<std::string>> selectContainers(const Context& context);

} // namespace rocker::runtime
