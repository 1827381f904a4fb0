#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rocker::cgroup {

// What a container may use; absent means no limit of its own.
struct Limits {
    std::optional<std::int64_t> memory;     // bytes
    std::optional<std::int64_t> memorySwap; // bytes of memory and swap together, -1 for no limit
    std::optional<double> cpus;             // processors' worth of time
    std::optional<std::int64_t> cpuShares;  // v1 cpu.shares, 2 to 262144
    std::optional<std::string> cpuset;      // "0-2,4"
    std::optional<std::int64_t> pids;
};

// One write to a control file of a controller.
struct Setting {
    std::string controller;
    std::string file;
    std::string value;
    bool optional = false; // a kernel without this file (swap accounting) only loses the setting

    bool operator==(const Setting&) const = default;
};

// Refuses what no kernel would take, naming the limit.
Result<> validate(const Limits& limits);
// The writes for cgroup v1 (Documentation/admin-guide/cgroup-v1) and v2 (…/cgroup-v2.rst), in order.
std::vector<Setting> settingsV1(const Limits& limits);
std::vector<Setting> settingsV2(const Limits& limits);
// cpu.shares (2 to 262144, default 1024) as cpu.weight (1 to 10000, default 100).
std::int64_t weightOfShares(std::int64_t shares);

} // namespace rocker::cgroup
