#pragma once

#include "engine/base/result.h"
#include "engine/spec/process.h"

namespace rocker::container {

// Has the next execve(2) take the AppArmor profile and the SELinux label of the process. A kernel without the one that is
// asked for is an error (before anything runs unconfined); so is a /proc that is none, or that has something mounted over
// the file (CVE-2019-16884, CVE-2025-52881).
Result<> labelExec(const spec::Process& process);

} // namespace rocker::container
