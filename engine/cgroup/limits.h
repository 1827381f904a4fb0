#pragma once

#include "engine/base/result.h"
#include "engine/spec/resources.h"

#include <cstdint>
#include <optional>
#include <string>

namespace rocker::cgroup {

// What a container of the helper may use; absent means no limit of its own.
struct Limits {
    std::optional<std::int64_t> memory;     // bytes
    std::optional<std::int64_t> memorySwap; // bytes of memory and swap together, -1 for no limit
    std::optional<double> cpus;             // processors' worth of time
    std::optional<std::int64_t> cpuShares;  // v1 cpu.shares, 2 to 262144
    std::optional<std::string> cpuset;      // "0-2,4"
    std::optional<std::int64_t> pids;
};

// Refuses what cannot work, in the words of the one who asked.
Result<> validate(const Limits& limits);
// The same in the configuration's terms. A limit on memory alone limits memory and swap together as well.
spec::Resources resourcesOf(const Limits& limits);

} // namespace rocker::cgroup
