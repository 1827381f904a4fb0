#pragma once

#include "helper/cli/command.h"
#include "helper/cli/session.h"

namespace rocker::cli {

// How the time with a container in the foreground ended.
struct Followed {
    int exitCode = 0;
    bool ended = false; // the container has, not only our part
};

// Stays with a started container until it ends or the person leaves. Of one that has ended already it shows what it
// printed. `signals` has been collecting since before the start.
Result<Followed> followContainer(const Context& context, const protocol::Container& container, bool input,
                                 SignalQueue& signals);

} // namespace rocker::cli
