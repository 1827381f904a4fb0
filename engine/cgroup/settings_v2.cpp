#include "engine/cgroup/settings_list.h"

namespace rocker::cgroup {

namespace {

std::string orMax(std::int64_t value)
{
    return value < 0 ? "max" : std::to_string(value);
}

// v2 limits swap alone, a configuration memory and swap together; that `swap` has a limit beside it, or needs none, has
// been checked.
void addMemory(SettingList& settings, const spec::MemoryResources& memory)
{
    const bool unlimited = memory.limit == -1;
    std::optional<std::int64_t> swap = memory.swap;
    if (unlimited && !isSet(swap))
        swap = -1;
    else if (isSet(swap) && *swap > 0 && !unlimited)
        *swap -= memory.limit.value_or(0);
    if (swap) // a kernel without swap accounting can keep to "none" and to "unlimited" as well
        settings.add("memory", "memory.swap.max", orMax(*swap), "memory.swap").optional = *swap <= 0;
    if (isSet(memory.limit))
        settings.add("memory", "memory.max", orMax(*memory.limit), "memory.limit");
    if (isSet(memory.reservation))
        settings.add("memory", "memory.low", orMax(*memory.reservation), "memory.reservation");
}

void addCpu(SettingList& settings, const spec::CpuResources& cpu)
{
    // An idle group has no weight to change: it stops to be idle first, or begins to be last.
    if (cpu.idle == 0)
        settings.add("cpu", "cpu.idle", "0", "cpu.idle");
    if (isSet(cpu.shares))
        settings.number("cpu", "cpu.weight", weightOfShares(*cpu.shares), "cpu.shares");
    if (cpu.burst) {
        Setting& burst = settings.number("cpu", "cpu.max.burst", *cpu.burst, "cpu.burst");
        burst.again = isSet(cpu.quota);
        burst.optional = *cpu.burst == 0;
    }
    // One number alone leaves the period as it is.
    if (isSet(cpu.quota) || isSet(cpu.period))
        settings.add("cpu", "cpu.max",
                     orMax(isSet(cpu.quota) ? *cpu.quota : -1) +
                         (isSet(cpu.period) ? " " + std::to_string(*cpu.period) : ""),
                     isSet(cpu.quota) ? "cpu.quota" : "cpu.period");
    if (cpu.idle && *cpu.idle != 0)
        settings.number("cpu", "cpu.idle", *cpu.idle, "cpu.idle");
    if (cpu.cpus && !cpu.cpus->empty())
        settings.add("cpuset", "cpuset.cpus", *cpu.cpus, "cpu.cpus");
    if (cpu.mems && !cpu.mems->empty())
        settings.add("cpuset", "cpuset.mems", *cpu.mems, "cpu.mems");
}

void addBlockIo(SettingList& settings, const spec::BlockIoResources& io)
{
    // The BFQ scheduler weighs as v1 did; where it is not built in, io.weight has a scale of its own.
    const auto weigh = [&](std::string device, std::uint64_t weight, const std::string& origin) {
        Setting& setting = settings.add("io", "io.bfq.weight", device + std::to_string(weight), origin);
        setting.otherFile = "io.weight";
        setting.otherValue = device + std::to_string(ioWeightOfBlkio(weight));
    };
    if (isSet(io.weight))
        weigh("", *io.weight, "blockIO.weight");
    for (std::size_t i = 0; i < io.weightDevice.size(); ++i)
        if (const spec::WeightDevice& device = io.weightDevice[i]; isSet(device.weight))
            weigh(deviceNumbers(device.major, device.minor), *device.weight,
                  std::format("blockIO.weightDevice[{}].weight", i));
    const auto throttle = [&](const std::vector<spec::ThrottleDevice>& devices, const char* name, const char* key) {
        for (std::size_t i = 0; i < devices.size(); ++i)
            settings.add("io", "io.max",
                         deviceNumbers(devices[i].major, devices[i].minor) + name + "=" +
                             (devices[i].rate == 0 ? "max" : std::to_string(devices[i].rate)),
                         std::format("blockIO.{}[{}]", key, i));
    };
    throttle(io.throttleReadBps, "rbps", "throttleReadBpsDevice");
    throttle(io.throttleWriteBps, "wbps", "throttleWriteBpsDevice");
    throttle(io.throttleReadIops, "riops", "throttleReadIOPSDevice");
    throttle(io.throttleWriteIops, "wiops", "throttleWriteIOPSDevice");
}

// Files that hold a line for each device take one at a time.
void addUnified(SettingList& settings, const std::string& file, std::string_view lines)
{
    const std::string controller = file.substr(0, file.find('.'));
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        if (end != 0)
            settings.add(controller, file, std::string(lines.substr(0, end)), std::format("unified[\"{}\"]", file));
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
}

} // namespace

std::vector<Setting> settingsV2(const spec::Resources& resources)
{
    SettingList settings;
    if (resources.pids)
        addPids(settings, *resources.pids);
    if (resources.memory)
        addMemory(settings, *resources.memory);
    if (resources.blockIo)
        addBlockIo(settings, *resources.blockIo);
    if (resources.cpu)
        addCpu(settings, *resources.cpu);
    addHugepages(settings, resources.hugepageLimits, "max");
    addRdma(settings, resources.rdma);
    // Last: they go before whatever else says something about the same file.
    for (const auto& [file, value] : resources.unified)
        addUnified(settings, file, value);
    return std::move(settings).take();
}

} // namespace rocker::cgroup
