#include "engine/cgroup/limits.h"

#include <algorithm>
#include <cmath>

namespace rocker::cgroup {

namespace {

constexpr std::int64_t smallestMemory = 6 << 20;
constexpr std::int64_t periodMicroseconds = 100'000;

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

spec::Resources resourcesOf(const Limits& limits)
{
    spec::Resources resources;
    if (limits.memory)
        resources.memory =
            spec::MemoryResources{.limit = limits.memory, .swap = limits.memorySwap.value_or(*limits.memory)};
    if (limits.cpus || limits.cpuShares || limits.cpuset) {
        spec::CpuResources& cpu = resources.cpu.emplace();
        if (limits.cpuShares)
            cpu.shares = std::uint64_t(*limits.cpuShares);
        if (limits.cpus) {
            cpu.period = periodMicroseconds;
            cpu.quota = std::max<std::int64_t>(1000, std::llround(*limits.cpus * double(periodMicroseconds)));
        }
        cpu.cpus = limits.cpuset;
    }
    if (limits.pids)
        resources.pids = spec::PidsResources{limits.pids};
    return resources;
}

} // namespace rocker::cgroup
