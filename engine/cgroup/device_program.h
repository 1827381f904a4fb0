#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/cgroup/device_rules.h"

#include <linux/bpf.h>
#include <vector>

// Device rules of cgroup v2, which asks a program of type BPF_PROG_TYPE_CGROUP_DEVICE (cgroup-v2.rst, "Device
// controller").
namespace rocker::cgroup {

// For valid rules.
std::vector<bpf_insn> deviceProgram(const DeviceRules& rules);
// Attaches it to a v2 cgroup in the place of those that are there, for as long as the cgroup exists. At no moment is
// there none.
Result<> attachDeviceProgram(BorrowedFd cgroup, const DeviceRules& rules);
// Whether a container may run although the kernel has refused the program: it lies in a user namespace, where no
// device of the host can be made or opened, or no rule denies anything (as runc and crun decide).
bool mayRunWithout(const DeviceRules& configured);

} // namespace rocker::cgroup
