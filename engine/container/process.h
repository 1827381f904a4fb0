#pragma once

#include "engine/base/result.h"
#include "engine/container/process_spec.h"
#include "engine/rootfs/rootfs.h"

// What a process does to itself inside the container's namespaces, on its way to the command.
namespace rocker::container {

struct Terminal {
    UniqueFd master;
    UniqueFd slave;
};

// A new pseudoterminal of the devpts instance in `pts` (pty(7)), of the wanted size.
Result<Terminal> openTerminal(BorrowedFd pts, std::optional<TerminalDimensions> size);

// Makes the terminal, or the streams, 0, 1 and 2; with a terminal also the controlling one of a new session.
Result<> takeStreams(const ProcessSpec& spec, const Terminal& terminal, const StandardStreams& streams);

// Becomes the user, drops capabilities, enters the working directory, and executes the command found in the PATH of
// the given environment. Returns only an error: CommandNotFound, CommandNotExecutable, or the step that failed.
Error becomeCommand(const ProcessSpec& spec);

} // namespace rocker::container
