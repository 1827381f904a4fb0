#include "engine/spec/checks.h"

#include <array>

namespace rocker::spec {

static Result<> validateDeviceRules(const std::string& path, const std::vector<DeviceRule>& rules)
{
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const DeviceRule& rule = rules[i];
        const std::string here = std::format("{}[{}]", path, i);
        if (!rule.type.empty() && rule.type != "a" && rule.type != "b" && rule.type != "c")
            return wrong(here + ".type", "invalid cgroup device type '{}'", rule.type);
        for (const auto& [name, number] : {std::pair("major", rule.major), std::pair("minor", rule.minor)})
            if (number && (*number < -1 || *number > std::numeric_limits<std::uint32_t>::max()))
                return wrong(std::format("{}.{}", here, name), "{} is no device's", *number);
        for (const char letter : rule.access)
            if (letter != 'r' && letter != 'w' && letter != 'm')
                return wrong(here + ".access", "'{}' has other letters than r, w and m", rule.access);
    }
    return {};
}

static Result<> validateMemory(const std::string& path, const MemoryResources& memory)
{
    for (const auto& [name, value] : {std::pair("limit", memory.limit), std::pair("reservation", memory.reservation),
                                      std::pair("swap", memory.swap), std::pair("kernel", memory.kernel),
                                      std::pair("kernelTCP", memory.kernelTcp)})
        if (value && *value < -1)
            return wrong(std::format("{}.{}", path, name), "{} is neither a size nor -1", *value);
    if (memory.swappiness && *memory.swappiness > 100)
        return wrong(path + ".swappiness", "{} is not from 0 to 100", *memory.swappiness);
    return {};
}

static Result<> validateCpu(const std::string& path, const CpuResources& cpu)
{
    constexpr std::uint64_t limit = 8192;
    if (cpu.cpus)
        TRY(checkNumberList(path + ".cpus", *cpu.cpus, limit));
    if (cpu.mems)
        TRY(checkNumberList(path + ".mems", *cpu.mems, limit));
    if (cpu.idle && *cpu.idle != 0 && *cpu.idle != 1)
        return wrong(path + ".idle", "{} is neither 0 nor 1", *cpu.idle);
    return {};
}

static bool isWeight(const std::optional<std::uint16_t>& weight)
{
    return !weight || *weight == 0 || (*weight >= 10 && *weight <= 1000);
}

// Documentation/admin-guide/cgroup-v1/blkio-controller.rst.
static Result<> validateBlockIo(const std::string& path, const BlockIoResources& io)
{
    if (!isWeight(io.weight))
        return wrong(path + ".weight", "{} is not from 10 to 1000", *io.weight);
    if (!isWeight(io.leafWeight))
        return wrong(path + ".leafWeight", "{} is not from 10 to 1000", *io.leafWeight);
    for (std::size_t i = 0; i < io.weightDevice.size(); ++i) {
        const WeightDevice& device = io.weightDevice[i];
        const std::string here = std::format("{}.weightDevice[{}]", path, i);
        if (!device.weight && !device.leafWeight)
            return wrong(here, "has neither weight nor leafWeight");
        if (!isWeight(device.weight) || !isWeight(device.leafWeight))
            return wrong(here, "has a weight that is not from 10 to 1000");
    }
    return {};
}

static Result<> validateHugepages(const std::string& path, const std::vector<HugepageLimit>& limits)
{
    for (std::size_t i = 0; i < limits.size(); ++i) {
        std::string_view size = limits[i].pageSize;
        const std::size_t digits = size.find_first_not_of("0123456789");
        if (digits == 0 || digits == std::string_view::npos
            || !isOneOf(size.substr(digits), std::array<std::string_view, 4>{"B", "KB", "MB", "GB"}))
            return wrong(std::format("{}[{}].pageSize", path, i), "'{}' is not a page size ('2MB')", size);
    }
    return {};
}

Result<> validateResources(std::string_view at, const Resources& resources)
{
    const std::string path(at);
    TRY(validateDeviceRules(path + ".devices", resources.devices));
    if (resources.memory)
        TRY(validateMemory(path + ".memory", *resources.memory));
    if (resources.cpu)
        TRY(validateCpu(path + ".cpu", *resources.cpu));
    if (resources.pids && resources.pids->limit && *resources.pids->limit < -1)
        return wrong(path + ".pids.limit", "{} is neither a number of tasks nor -1", *resources.pids->limit);
    if (resources.blockIo)
        TRY(validateBlockIo(path + ".blockIO", *resources.blockIo));
    TRY(validateHugepages(path + ".hugepageLimits", resources.hugepageLimits));
    for (const auto& [file, value] : resources.unified) {
        if (file.empty() || file.contains('/') || file.starts_with('.') || file.contains('\0'))
            return wrong(path + ".unified", "'{}' is not the name of a cgroup's file", file);
        TRY(checkText(std::format("{}.unified.{}", path, file), value));
    }
    return {};
}

} // namespace rocker::spec
