#pragma once

#include "engine/base/result.h"
#include "engine/spec/process.h"

namespace rocker::container {

// Has the next execve(2) take the AppArmor profile and the SELinux label of the process (config.md, "Linux Process").
// A kernel without the module that is asked for: FailedPrecondition. A /proc that is none, or that has something mounted
// over the file, is an error as well: the label would be written where it does nothing (CVE-2019-16884, CVE-2025-52881).
Result<> applyAppArmor(const spec::Process& process);
Result<> applySelinux(const spec::Process& process);

} // namespace rocker::container
