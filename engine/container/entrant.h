#pragma once

#include "engine/container/channel.h"
#include "engine/container/process_spec.h"

namespace rocker::container {

// One more process for a running container, from inside all of its namespaces, by the process itself: what birth.h's
// bearInside() calls. Its one word on the channel is Ready, with the terminal's master. Never returns.
[[noreturn]] void runEntrant(const ProcessSpec& process, StandardStreams streams, ChildEnd& channel);

} // namespace rocker::container
