#pragma once

#include "engine/runtime/context.h"

namespace rocker::runtime {

// What `delete` does with one container; with `force` it is killed first, and may be missing.
Result<> deleteContainer(const Context& context, const std::string& id, bool force);

} // namespace rocker::runtime
