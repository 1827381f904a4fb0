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

} // namespace rocker::bundle
