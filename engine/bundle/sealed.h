#pragma once

#include "engine/base/result.h"

namespace rocker::bundle {

// A process in a container can reach the program that made it by /proc/<pid>/exe, and write to it once nobody runs it.
// This executes the calling program again from a read-only mount that is attached nowhere (or, without the right to
// mount, from a sealed copy in memory: memfd_create(2), F_SEAL_WRITE), so that nothing behind that link can ever be
// written. Returns at once when the process runs from there already; else only with an error. Call it before anything
// of a container exists; `argv` ends with a null pointer.
Result<> runFromSealedProgram(char* const* argv);

} // namespace rocker::bundle
