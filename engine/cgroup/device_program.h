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
// Whether containers may run although the kernel refuses device rules: this process lies in a user namespace, where a
// device of the host is neither made nor opened without them (as runc decides).
bool mayRunWithoutRules();

} // namespace rocker::cgroup
