#pragma once

#include "engine/base/result.h"
#include "engine/spec/process.h"

#include <string>
#include <string_view>
#include <sys/types.h>

// Attributes of a process that need rights in the initial user namespace, which the process itself has lost when it is
// in another one: its parent sets them from outside, once the process is set up and waits (a deadline scheduler or a low
// limit would already slow or stop what it does for itself). `pid` is as the caller sees it; 0 is the caller.
namespace rocker::container {

// oom_score_adj, rlimits, scheduler, ioPriority; what the document does not name stays (config.md, "Linux Process").
// `inCpuset` explains EPERM of a deadline scheduler (sched(7)).
enum class Cpuset { Unlimited, Limited };
Result<> applyFromOutside(const spec::Process& process, pid_t pid, Cpuset cpuset = Cpuset::Unlimited);

// Processors "0-3,7": execCPUAffinity.initial before the process enters the container's cgroup, .final after it.
Result<> setAffinity(std::string_view processors, pid_t pid);
// Of the caller, as a number ("0x3": the first two); empty when it cannot be had.
std::string affinityMask();
// Every processor that the cgroup allows: a process must not inherit what its starter was pinned to. Failure is silent.
void resetAffinity(pid_t pid);

} // namespace rocker::container
