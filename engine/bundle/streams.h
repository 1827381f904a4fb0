#pragma once

#include "engine/base/result.h"
#include "engine/container/process_spec.h"

namespace rocker::bundle {

// The caller's own standard streams, as far as they are open: the runtime specification leaves it open what a container
// gets, and what starts containers relies on this.
Result<container::StandardStreams> callersStreams();

} // namespace rocker::bundle
