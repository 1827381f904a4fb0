#include "engine/cgroup/cgroup.h"
#include "engine/cgroup/device_program.h"
#include "engine/cgroup/statistics_text.h"

#include <algorithm>

namespace rocker::cgroup {

namespace {

// The kernel would kill to get below the limit; v1's refuses (config-linux.md, "checkBeforeUpdate").
Result<> checkUsage(const spec::MemoryResources& memory, BorrowedFd group)
{
    const std::uint64_t usage = TRY(readNumber(group, "memory.current"));
    if (memory.swap.value_or(0) > 0 && std::uint64_t(*memory.swap) <= usage)
        return fail(ErrorCode::FailedPrecondition,
                    "linux.resources.memory.swap: rejecting memory+swap limit {} <= usage {}", *memory.swap, usage);
    if (memory.limit.value_or(0) > 0 && std::uint64_t(*memory.limit) <= usage)
        return fail(ErrorCode::FailedPrecondition,
                    "linux.resources.memory.limit: rejecting memory limit {} <= usage {}", *memory.limit, usage);
    return {};
}

// In v2 one file holds quota and period, and one limit is the difference of two of a configuration: what the caller
// leaves out is what is there.
Result<> complete(spec::Resources& resources, BorrowedFd group)
{
    if (auto& memory = resources.memory; memory && memory->swap.value_or(0) > 0 && memory->limit.value_or(0) == 0) {
        const std::uint64_t limit = TRY(readNumber(group, "memory.max"));
        memory->limit = limit == UINT64_MAX ? -1 : std::int64_t(limit);
    }
    if (auto& cpu = resources.cpu; cpu && cpu->period.value_or(0) != 0 && cpu->quota.value_or(0) == 0) {
        const std::string text = TRY(readIfThere(group, "cpu.max")).value_or("max");
        if (const std::uint64_t quota = numberIn(text); quota != UINT64_MAX)
            cpu->quota = std::int64_t(quota);
    }
    return {};
}

} // namespace

Result<> Cgroup::update(const spec::Resources& wanted, const DeviceRules& devices) const
{
    spec::Resources resources = wanted;
    if (m_pureUnified)
        TRY(complete(resources, TRY(unifiedPart()->open())));
    TRY(validate(resources, version()));
    TRY(validate(devices, version()));
    const std::vector<Setting> all = settings(resources, version());
    for (const Setting& setting : all)
        if (!setting.optional && !part(setting.controller))
            return fail(ErrorCode::FailedPrecondition,
                        "{}: cannot set {} limit: container could not join or create cgroup", setting.origin,
                        setting.controller);
    if (m_pureUnified && resources.memory && resources.memory->checkBeforeUpdate.value_or(false))
        TRY(checkUsage(*resources.memory, TRY(unifiedPart()->open())));
    for (const Part& part : m_parts) {
        std::vector<Setting> own;
        std::ranges::copy_if(all, std::back_inserter(own), [&](const Setting& setting) {
            return m_pureUnified ? part.unified : part.has(setting.controller);
        });
        if (!own.empty())
            TRY(write(TRY(part.open()), own));
    }
    if (devices.empty())
        return {};
    if (const Part* const control = part("devices"); control && !control->unified)
        TRY(changeDevices(TRY(control->open()), devices), "linux.resources.devices");
    else if (const Part* const unified = unifiedPart())
        TRY(attachDeviceProgram(TRY(unified->open()), devices), "linux.resources.devices");
    return {};
}

} // namespace rocker::cgroup
