#include "engine/cgroup/settings_list.h"

namespace rocker::cgroup {

namespace {

void addCpuset(SettingList& settings, const spec::CpuResources& cpu)
{
    // "cpus" and "mems" on hierarchies that are mounted with noprefix.
    for (const auto& [value, file, other] :
         {std::tuple(&cpu.cpus, "cpuset.cpus", "cpus"), std::tuple(&cpu.mems, "cpuset.mems", "mems")})
        if (*value && !(*value)->empty()) {
            Setting& setting = settings.add("cpuset", file, **value, std::string("cpu.") + other);
            setting.otherFile = other;
            setting.otherValue = **value;
        }
}

// The limit must stay below that on memory and swap together, whichever of both comes first.
void addMemory(SettingList& settings, const spec::MemoryResources& memory)
{
    if (memory.useHierarchy && !*memory.useHierarchy)
        settings.add("memory", "memory.use_hierarchy", "0", "memory.useHierarchy");
    if (isSet(memory.limit))
        settings.number("memory", "memory.limit_in_bytes", *memory.limit, "memory.limit").again = true;
    // No limit on memory is none on both, as long as nobody says something else.
    const bool lifted = memory.limit == -1 && !isSet(memory.swap);
    if (isSet(memory.swap) || lifted) {
        const std::int64_t both = lifted ? -1 : *memory.swap;
        // Without swap accounting there is no swap to use for who wants none of it, and no limit to lift.
        settings.number("memory", "memory.memsw.limit_in_bytes", both, "memory.swap").optional =
            both == -1 || memory.swap == memory.limit;
    }
    if (isSet(memory.reservation))
        settings.number("memory", "memory.soft_limit_in_bytes", *memory.reservation, "memory.reservation");
    if (memory.disableOomKiller && *memory.disableOomKiller)
        settings.add("memory", "memory.oom_control", "1", "memory.disableOOMKiller");
    if (memory.swappiness)
        settings.number("memory", "memory.swappiness", *memory.swappiness, "memory.swappiness");
}

void addCpu(SettingList& settings, const spec::CpuResources& cpu)
{
    // Real-time groups first: before them no real-time process may come in.
    if (isSet(cpu.realtimePeriod))
        settings.number("cpu", "cpu.rt_period_us", *cpu.realtimePeriod, "cpu.realtimePeriod").again =
            isSet(cpu.realtimeRuntime);
    if (isSet(cpu.realtimeRuntime))
        settings.number("cpu", "cpu.rt_runtime_us", *cpu.realtimeRuntime, "cpu.realtimeRuntime");
    if (cpu.idle == 0)
        settings.add("cpu", "cpu.idle", "0", "cpu.idle");
    if (isSet(cpu.shares))
        settings.number("cpu", "cpu.shares", *cpu.shares, "cpu.shares");
    if (isSet(cpu.period))
        settings.number("cpu", "cpu.cfs_period_us", *cpu.period, "cpu.period").again = isSet(cpu.quota);
    if (cpu.burst) {
        Setting& burst = settings.number("cpu", "cpu.cfs_burst_us", *cpu.burst, "cpu.burst");
        burst.again = isSet(cpu.quota);
        burst.optional = *cpu.burst == 0;
    }
    if (isSet(cpu.quota))
        settings.number("cpu", "cpu.cfs_quota_us", *cpu.quota, "cpu.quota");
    if (cpu.idle && *cpu.idle != 0)
        settings.number("cpu", "cpu.idle", *cpu.idle, "cpu.idle");
}

void addBlockIo(SettingList& settings, const spec::BlockIoResources& io)
{
    const auto withBfq = [&](std::string file, std::string bfqFile, const std::string& value, std::string origin) {
        Setting& setting = settings.add("blkio", std::move(file), value, std::move(origin));
        setting.otherFile = std::move(bfqFile);
        setting.otherValue = value;
    };
    if (isSet(io.weight))
        withBfq("blkio.weight", "blkio.bfq.weight", std::to_string(*io.weight), "blockIO.weight");
    if (isSet(io.leafWeight))
        settings.number("blkio", "blkio.leaf_weight", *io.leafWeight, "blockIO.leafWeight");
    for (std::size_t i = 0; i < io.weightDevice.size(); ++i) {
        const spec::WeightDevice& device = io.weightDevice[i];
        const std::string numbers = deviceNumbers(device.major, device.minor);
        if (isSet(device.weight))
            withBfq("blkio.weight_device", "blkio.bfq.weight_device", numbers + std::to_string(*device.weight),
                    std::format("blockIO.weightDevice[{}].weight", i));
        if (isSet(device.leafWeight))
            settings.add("blkio", "blkio.leaf_weight_device", numbers + std::to_string(*device.leafWeight),
                         std::format("blockIO.weightDevice[{}].leafWeight", i));
    }
    const auto throttle = [&](const std::vector<spec::ThrottleDevice>& devices, const char* file, const char* key) {
        for (std::size_t i = 0; i < devices.size(); ++i)
            settings.add("blkio", file,
                         deviceNumbers(devices[i].major, devices[i].minor) + std::to_string(devices[i].rate),
                         std::format("blockIO.{}[{}]", key, i));
    };
    throttle(io.throttleReadBps, "blkio.throttle.read_bps_device", "throttleReadBpsDevice");
    throttle(io.throttleWriteBps, "blkio.throttle.write_bps_device", "throttleWriteBpsDevice");
    throttle(io.throttleReadIops, "blkio.throttle.read_iops_device", "throttleReadIOPSDevice");
    throttle(io.throttleWriteIops, "blkio.throttle.write_iops_device", "throttleWriteIOPSDevice");
}

} // namespace

std::vector<Setting> settingsV1(const spec::Resources& resources)
{
    SettingList settings;
    if (resources.cpu)
        addCpuset(settings, *resources.cpu);
    if (resources.memory)
        addMemory(settings, *resources.memory);
    if (resources.cpu)
        addCpu(settings, *resources.cpu);
    if (resources.pids)
        addPids(settings, *resources.pids);
    if (resources.blockIo)
        addBlockIo(settings, *resources.blockIo);
    addHugepages(settings, resources.hugepageLimits, "limit_in_bytes");
    if (resources.network) {
        if (isSet(resources.network->classId))
            settings.number("net_cls", "net_cls.classid", *resources.network->classId, "network.classID");
        for (std::size_t i = 0; i < resources.network->priorities.size(); ++i) {
            const auto& [name, priority] = resources.network->priorities[i];
            settings.add("net_prio", "net_prio.ifpriomap", name + " " + std::to_string(priority),
                         std::format("network.priorities[{}]", i));
        }
    }
    addRdma(settings, resources.rdma);
    return std::move(settings).take();
}

} // namespace rocker::cgroup
