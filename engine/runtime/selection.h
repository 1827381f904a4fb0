#pragma once

#include "engine/runtime/context.h"

#include <functional>

namespace rocker::runtime {

// Does it to each container that a command means: its first argument, or with --regex those whose names have a match of
// it (regex(7), extended), where what fails for one is a warning and the others have their turn.
Result<> forEachSelected(const Context& context, const std::function<Result<>(const std::string& id)>& act);

} // namespace rocker::runtime
