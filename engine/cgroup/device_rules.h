#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <cstdint>
#include <linux/bpf.h>
#include <span>
#include <string>
#include <vector>

namespace rocker::cgroup {

// Devices that a cgroup's processes may make, read or write; what no rule allows is refused.
struct DeviceRule {
    static constexpr std::int32_t any = -1;
    char type = 'c'; // 'c' or 'b'
    std::int32_t major = any;
    std::int32_t minor = any;
    std::string access = "rwm"; // read, write, mknod
};

// Null and its like, terminals, and making nodes (which the container's user namespace refuses): the seed's devices.
std::span<const DeviceRule> containerDevices();

// As cgroup v1's devices.allow takes it: "c 136:* rwm" (cgroup-v1/devices.rst).
std::string ruleText(const DeviceRule& rule);
// The same for cgroup v2, which asks a program of type BPF_PROG_TYPE_CGROUP_DEVICE (cgroup-v2.rst, "Device controller").
std::vector<bpf_insn> deviceProgram(std::span<const DeviceRule> rules);
// Attaches it to a v2 cgroup, for as long as that exists.
Result<> attachDeviceProgram(BorrowedFd cgroup, std::span<const DeviceRule> rules);

} // namespace rocker::cgroup
