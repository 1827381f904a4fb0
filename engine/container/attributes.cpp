#include "engine/container/attributes.h"

#include "engine/os/procfs.h"
#include "engine/os/syscall.h"
#include "engine/spec/names.h"

#include <algorithm>
#include <linux/sched/types.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rocker::container {

namespace {

Result<> setOomScore(std::int32_t score, pid_t pid)
{
    const UniqueFd procfs = TRY(os::openProcfs());
    const std::string directory = pid == 0 ? "self" : std::to_string(pid);
    return os::writeInProcfs(procfs, directory + "/oom_score_adj", std::to_string(score));
}

Result<> setLimits(const std::vector<spec::Rlimit>& limits, pid_t pid)
{
    for (const spec::Rlimit& limit : limits) {
        const auto resource = spec::rlimitNumber(limit.type);
        if (!resource)
            return fail(ErrorCode::InvalidArgument, "invalid rlimit '{}'", limit.type);
        if (std::ranges::count(limits, limit.type, &spec::Rlimit::type) > 1)
            return fail(ErrorCode::InvalidArgument, "the rlimit '{}' is given twice", limit.type);
        const rlimit64 value{.rlim_cur = limit.soft, .rlim_max = limit.hard};
        TRY(os::checkDone(::prlimit64(pid, static_cast<__rlimit_resource>(*resource), &value, nullptr)),
            "set {} to {} (hard: {})", limit.type, limit.soft, limit.hard);
    }
    return {};
}

Result<> setScheduler(const spec::Scheduler& scheduler, pid_t pid, Cpuset cpuset)
{
    const auto policy = spec::schedulerPolicy(scheduler.policy);
    if (!policy)
        return fail(ErrorCode::InvalidArgument, "invalid scheduler policy '{}'", scheduler.policy);
    sched_attr attributes{.size = sizeof attributes,
                          .sched_policy = *policy,
                          .sched_nice = scheduler.nice,
                          .sched_priority = std::uint32_t(scheduler.priority),
                          .sched_runtime = scheduler.runtime.value_or(0),
                          .sched_deadline = scheduler.deadline.value_or(0),
                          .sched_period = scheduler.period.value_or(0)};
    for (const std::string& name : scheduler.flags) {
        const auto flag = spec::schedulerFlag(name);
        if (!flag)
            return fail(ErrorCode::InvalidArgument, "invalid scheduler flag '{}'", name);
        attributes.sched_flags |= *flag;
    }
    auto set = os::checkDone(::syscall(SYS_sched_setattr, pid, &attributes, 0));
    if (!set && set.error().errnum == EPERM && cpuset == Cpuset::Limited)
        return fail(std::move(set).error().in("process scheduler can't be used together with AllowedCPUs"));
    TRY(std::move(set), "set the scheduler {}", scheduler.policy);
    return {};
}

Result<> setIoPriority(const spec::IoPriority& priority, pid_t pid)
{
    // ioprio_set(2); <linux/ioprio.h> of some kernels names a parameter `class` and cannot be included here.
    constexpr int levels = 8;
    constexpr int classShift = 13;
    constexpr int whoProcess = 1;
    const auto kind = spec::ioPriorityClass(priority.priorityClass);
    if (!kind || priority.priority < 0 || priority.priority >= levels)
        return fail(ErrorCode::InvalidArgument, "invalid io priority '{}' {}", priority.priorityClass, priority.priority);
    // The process is alone in its group still, and what it starts inherits it.
    TRY(os::checkDone(::syscall(SYS_ioprio_set, whoProcess, pid, *kind << classShift | priority.priority)),
        "set the io priority {} {}", priority.priorityClass, priority.priority);
    return {};
}

} // namespace

Result<> applyFromOutside(const spec::Process& process, pid_t pid, Cpuset cpuset)
{
    if (process.oomScoreAdj)
        TRY(setOomScore(*process.oomScoreAdj, pid));
    TRY(setLimits(process.rlimits, pid));
    if (process.ioPriority)
        TRY(setIoPriority(*process.ioPriority, pid));
    // Last: a policy may slow even this down.
    if (process.scheduler)
        TRY(setScheduler(*process.scheduler, pid, cpuset));
    return {};
}

Result<> setAffinity(std::string_view processors, pid_t pid)
{
    const auto mask = spec::numberList(processors);
    if (!mask || mask->empty())
        return fail(ErrorCode::InvalidArgument, "invalid list of processors '{}'", processors);
    TRY(os::checkDone(::syscall(SYS_sched_setaffinity, pid, mask->size() * sizeof mask->front(), mask->data())),
        "run on the processors {}", processors);
    return {};
}

std::string affinityMask()
{
    unsigned long words[1024 / sizeof(unsigned long)]{};
    const long size = ::syscall(SYS_sched_getaffinity, 0, sizeof words, words);
    if (size <= 0)
        return {};
    std::string digits;
    for (std::size_t i = std::size_t(size) / sizeof words[0]; i-- > 0;)
        digits += digits.empty() && words[i] == 0 ? "" : digits.empty() ? std::format("{:x}", words[i]) : std::format("{:016x}", words[i]);
    return "0x" + (digits.empty() ? "0" : digits);
}

void resetAffinity(pid_t pid)
{
    // More processors than any machine has: the kernel keeps those that exist and that the cgroup allows.
    unsigned char all[1024];
    std::ranges::fill(all, 0xff);
    ::syscall(SYS_sched_setaffinity, pid, sizeof all, all);
}

} // namespace rocker::container
