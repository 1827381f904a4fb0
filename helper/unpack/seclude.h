#pragma once

#include "engine/base/result.h"

namespace rocker::unpack {

// For who looks into an archive for an ordinary user: no privileges were given, so none are needed to give them up. No
// capability, no new privileges, 2 GB of addresses; of system calls only those that read and write what is open already
// and manage memory (seccomp(2)), and where the kernel can, no file system and no network behind them (landlock(7)).
// `directory`: InputFd is a directory whose files may be opened for reading, and nothing else.
enum class Opening { Nothing, Directory };
Result<> secludeReader(Opening opening);

} // namespace rocker::unpack
