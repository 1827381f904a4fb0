#pragma once

#include "engine/base/result.h"

#include <string>
#include <sys/types.h>

namespace rocker::runtime {

// An absolute path for one that is relative to the current directory now.
Result<std::string> absolutePath(const std::string& path);

// Writes the number and nothing else; others see the whole file or none.
Result<> writePidFile(const std::string& path, pid_t pid);

// Connects to a Unix socket and sends it the descriptor.
Result<> sendPidfd(const std::string& socketPath, int pidfd);

} // namespace rocker::runtime
