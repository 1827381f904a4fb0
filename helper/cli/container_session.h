#pragma once

#include "helper/cli/command.h"
#include "helper/cli/session.h"

namespace rocker::cli {

// Stays with a started container until it ends or the person detaches; the exit code. Where it has ended already,
// shows what it printed. `signals` has been collecting since before the start.
Result<int> followContainer(const Context& context, const protocol::Container& container, bool input,
                            SignalQueue& signals);

} // namespace rocker::cli
