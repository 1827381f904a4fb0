#include "engine/cgroup/settings_list.h"

#include <algorithm>

namespace rocker::cgroup {

namespace {

template<typename... Args>
std::unexpected<Error> wrong(std::string_view path, std::format_string<Args...> format, Args&&... args)
{
    return fail(ErrorCode::InvalidArgument, "linux.resources.{}: {}", path,
                std::format(format, std::forward<Args>(args)...));
}

Result<> checkMemory(const spec::MemoryResources& memory, Version version)
{
    for (const auto& [key, value] : {std::pair("limit", memory.limit), std::pair("reservation", memory.reservation),
                                     std::pair("swap", memory.swap)})
        if (value && *value < -1)
            return wrong(std::format("memory.{}", key), "{} is neither a number of bytes nor -1 for no limit", *value);
    if (isSet(memory.swap) && *memory.swap > 0 && memory.limit && *memory.limit > 0 && *memory.swap < *memory.limit)
        return wrong("memory.swap", "memory+swap limit should be >= memory limit");
    if (memory.swappiness && *memory.swappiness > 100)
        return wrong("memory.swappiness", "invalid memory swappiness value: {} (valid range is 0-100)",
                     *memory.swappiness);
    if (version == Version::V1)
        return {};
    if (memory.swap.value_or(0) > 0 && !isSet(memory.limit))
        return wrong("memory.swap", "unable to set swap limit without memory limit");
    if (memory.swappiness)
        return wrong("memory.swappiness", "cannot set memory swappiness with cgroupv2");
    if (memory.disableOomKiller.value_or(false))
        return wrong("memory.disableOOMKiller", "cannot disable OOM killer with cgroupv2");
    if (!memory.useHierarchy.value_or(true))
        return wrong("memory.useHierarchy", "cgroup v2 is always hierarchical");
    return {};
}

bool isList(const std::string& text)
{
    return text.find_first_not_of("0123456789,-:/ ") == std::string::npos;
}

Result<> checkCpu(const spec::CpuResources& cpu, Version version)
{
    if (version == Version::V1 && cpu.shares == 1)
        return wrong("cpu.shares", "the minimum allowed cpu-shares is 2");
    if (version == Version::V1 && cpu.shares.value_or(0) > 262144)
        return wrong("cpu.shares", "the maximum allowed cpu-shares is 262144");
    if (cpu.quota && (*cpu.quota < -1 || (*cpu.quota > 0 && *cpu.quota < 1000)))
        return wrong("cpu.quota", "{} is neither 1000 microseconds or more nor -1 for no limit", *cpu.quota);
    if (isSet(cpu.period) && (*cpu.period < 1000 || *cpu.period > 1'000'000))
        return wrong("cpu.period", "{} is not between 1000 and 1000000 microseconds", *cpu.period);
    if (cpu.burst && cpu.quota.value_or(0) > 0 && *cpu.burst > std::uint64_t(*cpu.quota))
        return wrong("cpu.burst", "{} is larger than the quota, {}", *cpu.burst, *cpu.quota);
    if (cpu.idle && *cpu.idle != 0 && *cpu.idle != 1)
        return wrong("cpu.idle", "{} is neither 0 nor 1", *cpu.idle);
    if (cpu.cpus && !isList(*cpu.cpus))
        return wrong("cpu.cpus", "'{}' is no list of processors like 0-2,4", *cpu.cpus);
    if (cpu.mems && !isList(*cpu.mems))
        return wrong("cpu.mems", "'{}' is no list of memory nodes like 0-2,4", *cpu.mems);
    if (version == Version::V2 && isSet(cpu.realtimePeriod))
        return wrong("cpu.realtimePeriod", "realtime period not supported on cgroupv2");
    if (version == Version::V2 && isSet(cpu.realtimeRuntime))
        return wrong("cpu.realtimeRuntime", "realtime runtime not supported on cgroupv2");
    if (isSet(cpu.realtimePeriod) && isSet(cpu.realtimeRuntime) &&
        *cpu.realtimeRuntime > std::int64_t(std::min<std::uint64_t>(*cpu.realtimePeriod, INT64_MAX)))
        return wrong("cpu.realtimeRuntime", "{} is larger than the period, {}", *cpu.realtimeRuntime,
                     *cpu.realtimePeriod);
    return {};
}

Result<> checkWeight(const std::string& path, const std::optional<std::uint16_t>& weight)
{
    // BFQ, unlike its predecessor, goes down to 1: a weight that a kernel takes is not refused here.
    if (isSet(weight) && *weight > 1000)
        return wrong(path, "the weight {} is above 1000", *weight);
    return {};
}

Result<> checkNumbers(const std::string& path, std::int64_t major, std::int64_t minor)
{
    if (major < 0 || minor < 0 || major > UINT32_MAX || minor > UINT32_MAX)
        return wrong(path, "{}:{} are no device's numbers", major, minor);
    return {};
}

Result<> checkBlockIo(const spec::BlockIoResources& io, Version version)
{
    TRY(checkWeight("blockIO.weight", io.weight));
    TRY(checkWeight("blockIO.leafWeight", io.leafWeight));
    if (version == Version::V2 && isSet(io.leafWeight))
        return wrong("blockIO.leafWeight", "cannot set leaf_weight with cgroupv2");
    for (std::size_t i = 0; i < io.weightDevice.size(); ++i) {
        const spec::WeightDevice& device = io.weightDevice[i];
        const std::string path = std::format("blockIO.weightDevice[{}]", i);
        TRY(checkNumbers(path, device.major, device.minor));
        TRY(checkWeight(path + ".weight", device.weight));
        TRY(checkWeight(path + ".leafWeight", device.leafWeight));
        if (!device.weight && !device.leafWeight)
            return wrong(path, "has neither weight nor leafWeight");
        if (version == Version::V2 && isSet(device.leafWeight))
            return wrong(path + ".leafWeight", "cannot set leaf_weight with cgroupv2");
    }
    for (const auto& [key, devices] : {std::pair("throttleReadBpsDevice", &io.throttleReadBps),
                                       std::pair("throttleWriteBpsDevice", &io.throttleWriteBps),
                                       std::pair("throttleReadIOPSDevice", &io.throttleReadIops),
                                       std::pair("throttleWriteIOPSDevice", &io.throttleWriteIops)})
        for (std::size_t i = 0; i < devices->size(); ++i)
            TRY(checkNumbers(std::format("blockIO.{}[{}]", key, i), (*devices)[i].major, (*devices)[i].minor));
    return {};
}

// "2MB": digits, then KB, MB or GB.
bool isPageSize(std::string_view text)
{
    if (text.size() < 3 || !text.ends_with('B') ||
        std::string_view("KMG").find(text[text.size() - 2]) == std::string_view::npos)
        return false;
    const std::string_view digits = text.substr(0, text.size() - 2);
    return digits.front() != '0' && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

// What may stand as a name on a line of a control file.
bool isName(std::string_view text)
{
    return !text.empty() && std::ranges::none_of(text, [](char c) { return c <= ' '; });
}

Result<> checkNetwork(const spec::NetworkResources& network, Version version)
{
    if (version == Version::V2 && (isSet(network.classId) || !network.priorities.empty()))
        return wrong("network", "network limits not supported on cgroupv2");
    for (std::size_t i = 0; i < network.priorities.size(); ++i)
        if (!isName(network.priorities[i].name))
            return wrong(std::format("network.priorities[{}].name", i), "'{}' is no interface's name",
                         network.priorities[i].name);
    return {};
}

Result<> checkUnified(const std::map<std::string, std::string>& unified, Version version)
{
    if (version == Version::V1 && !unified.empty())
        return wrong("unified", "invalid configuration: cannot use unified on cgroup v1");
    for (const auto& [file, value] : unified) {
        if (file.find('/') != std::string::npos || file.find('\0') != std::string::npos)
            return wrong(std::format("unified[\"{}\"]", file), "must be a file name (no slashes)");
        if (const std::size_t dot = file.find('.'); dot == std::string::npos || dot == 0)
            return wrong(std::format("unified[\"{}\"]", file),
                         "the specified key has not the form CONTROLLER.VALUE `{}`", file);
    }
    return {};
}

} // namespace

Result<> validate(const spec::Resources& resources, Version version)
{
    if (resources.memory)
        TRY(checkMemory(*resources.memory, version));
    if (resources.cpu)
        TRY(checkCpu(*resources.cpu, version));
    if (resources.pids && resources.pids->limit.value_or(0) < -1)
        return wrong("pids.limit", "{} is neither a number of processes nor -1 for no limit", *resources.pids->limit);
    if (resources.blockIo)
        TRY(checkBlockIo(*resources.blockIo, version));
    for (std::size_t i = 0; i < resources.hugepageLimits.size(); ++i)
        if (!isPageSize(resources.hugepageLimits[i].pageSize))
            return wrong(std::format("hugepageLimits[{}].pageSize", i), "'{}' is no size like 64KB, 2MB or 1GB",
                         resources.hugepageLimits[i].pageSize);
    if (resources.network)
        TRY(checkNetwork(*resources.network, version));
    for (const auto& [device, limit] : resources.rdma) {
        if (!isName(device))
            return wrong("rdma", "'{}' is no device's name", device);
        if (!limit.hcaHandles && !limit.hcaObjects)
            return wrong(std::format("rdma.{}", device), "has neither hcaHandles nor hcaObjects");
    }
    return checkUnified(resources.unified, version);
}

} // namespace rocker::cgroup
