#include "engine/cgroup/limits.h"

#include <algorithm>
#include <cmath>

namespace rocker::cgroup {

namespace {

constexpr std::int64_t smallestMemory = 6 << 20;
constexpr std::int64_t periodMicroseconds = 100'000;

std::string quota(double cpus)
{
    return std::to_string(std::max<std::int64_t>(1000, std::llround(cpus * periodMicroseconds)));
}

bool isCpuList(const std::string& text)
{
    return !text.empty() && text.find_first_not_of("0123456789,-") == std::string::npos;
}

} // namespace

Result<> validate(const Limits& limits)
{
    if (limits.memory && *limits.memory < smallestMemory)
        return fail(ErrorCode::InvalidArgument, "the memory limit of {} bytes is below the smallest that works, 6 MiB",
                    *limits.memory);
    if (limits.memorySwap && !limits.memory)
        return fail(ErrorCode::InvalidArgument, "a limit on memory and swap together needs a limit on memory");
    if (limits.memorySwap && *limits.memorySwap != -1 && *limits.memorySwap < *limits.memory)
        return fail(ErrorCode::InvalidArgument, "the limit on memory and swap together is below that on memory alone");
    if (limits.cpus && !(*limits.cpus >= 0.01 && *limits.cpus <= 8192))
        return fail(ErrorCode::InvalidArgument, "{} processors: give 0.01 or more", *limits.cpus);
    if (limits.cpuShares && (*limits.cpuShares < 2 || *limits.cpuShares > 262144))
        return fail(ErrorCode::InvalidArgument, "cpu shares of {}: give 2 to 262144", *limits.cpuShares);
    if (limits.cpuset && !isCpuList(*limits.cpuset))
        return fail(ErrorCode::InvalidArgument, "'{}' is no list of processors like 0-2,4", *limits.cpuset);
    if (limits.pids && *limits.pids < 1)
        return fail(ErrorCode::InvalidArgument, "a limit of {} processes: give 1 or more", *limits.pids);
    return {};
}

std::vector<Setting> settingsV1(const Limits& limits)
{
    std::vector<Setting> settings;
    if (limits.cpuset)
        settings.push_back({"cpuset", "cpuset.cpus", *limits.cpuset});
    if (limits.memory)
        settings.push_back({"memory", "memory.limit_in_bytes", std::to_string(*limits.memory)});
    if (limits.memory)
        settings.push_back({"memory", "memory.memsw.limit_in_bytes",
                            std::to_string(limits.memorySwap.value_or(*limits.memory)), !limits.memorySwap});
    if (limits.cpuShares)
        settings.push_back({"cpu", "cpu.shares", std::to_string(*limits.cpuShares)});
    if (limits.cpus) {
        settings.push_back({"cpu", "cpu.cfs_period_us", std::to_string(periodMicroseconds)});
        settings.push_back({"cpu", "cpu.cfs_quota_us", quota(*limits.cpus)});
    }
    if (limits.pids)
        settings.push_back({"pids", "pids.max", std::to_string(*limits.pids)});
    return settings;
}

std::vector<Setting> settingsV2(const Limits& limits)
{
    std::vector<Setting> settings;
    if (limits.cpuset)
        settings.push_back({"cpuset", "cpuset.cpus", *limits.cpuset});
    if (limits.memory) {
        settings.push_back({"memory", "memory.max", std::to_string(*limits.memory)});
        const std::int64_t both = limits.memorySwap.value_or(*limits.memory);
        settings.push_back({"memory", "memory.swap.max", both == -1 ? "max" : std::to_string(both - *limits.memory),
                            !limits.memorySwap});
    }
    if (limits.cpuShares)
        settings.push_back({"cpu", "cpu.weight", std::to_string(weightOfShares(*limits.cpuShares))});
    if (limits.cpus)
        settings.push_back({"cpu", "cpu.max", quota(*limits.cpus) + " " + std::to_string(periodMicroseconds)});
    if (limits.pids)
        settings.push_back({"pids", "pids.max", std::to_string(*limits.pids)});
    return settings;
}

std::int64_t weightOfShares(std::int64_t shares)
{
    // A quadratic through (2, 1), (1024, 100) and (262144, 10000) in logarithms, so that defaults meet.
    const double l = std::log2(double(std::clamp<std::int64_t>(shares, 2, 262144)));
    return std::int64_t(std::ceil(std::pow(10.0, (l * l + 125.0 * l) / 612.0 - 7.0 / 34.0)));
}

} // namespace rocker::cgroup
