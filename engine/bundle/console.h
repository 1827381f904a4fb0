#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <string>

namespace rocker::bundle {

// Connects to the Unix stream socket at `path`, whatever its length.
Result<UniqueFd> connectToPath(const std::string& path, int type);

// Hands a terminal's master to who listens on the console socket, as runc and crun do: one message, its bytes the
// terminal's name, with the descriptor.
Result<> sendConsole(const std::string& socketPath, BorrowedFd master);

// Does that, or, with no socket to send it to, returns the master for a caller that copies what comes out to a terminal
// of its own, which makes the carriage returns: this one makes none (termios(3), ONLCR). To be called before the command
// runs and writes.
Result<UniqueFd> handOver(UniqueFd master, const std::string& socketPath);

} // namespace rocker::bundle
