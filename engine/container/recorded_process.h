#pragma once

#include "engine/container/process_spec.h"
#include "engine/container/record.h"

#include <optional>

namespace rocker::container {

// The process that a record of the helper describes: its user by name, its environment completed, all of its
// capabilities root's.
ProcessSpec processOf(const ContainerInfo& info, std::optional<TerminalDimensions> size);

} // namespace rocker::container
