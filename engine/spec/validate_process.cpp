#include "engine/spec/checks.h"
#include "engine/spec/names.h"

#include <set>

namespace rocker::spec {

// The id that system calls take for "unchanged" (setresuid(2)): nobody can be it.
static constexpr std::uint32_t noId = std::numeric_limits<std::uint32_t>::max();

static Result<> validateUser(const std::string& path, const User& user)
{
    if (user.uid == noId)
        return wrong(path + ".uid", "{} is no user", user.uid);
    if (user.gid == noId)
        return wrong(path + ".gid", "{} is no group", user.gid);
    if (user.umask && *user.umask > 0777)
        return wrong(path + ".umask", "{:#o} has more than permission bits", *user.umask);
    for (std::size_t i = 0; i < user.additionalGids.size(); ++i)
        if (user.additionalGids[i] == noId)
            return wrong(std::format("{}.additionalGids[{}]", path, i), "{} is no group", noId);
    return {};
}

// getrlimit(2).
static Result<> validateRlimits(const std::string& path, const std::vector<Rlimit>& limits)
{
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < limits.size(); ++i) {
        const Rlimit& limit = limits[i];
        const std::string here = std::format("{}[{}]", path, i);
        if (!rlimitNumber(limit.type))
            return wrong(here + ".type", "wrong rlimit value: {}", limit.type);
        if (!seen.insert(limit.type).second)
            return wrong(here + ".type", "'{}' stands twice", limit.type);
        if (limit.soft > limit.hard)
            return wrong(here, "the soft limit {} is above the hard limit {}", limit.soft, limit.hard);
    }
    return {};
}

// sched(7), sched_setattr(2).
// What sched_setattr(2) refuses with EINVAL, in the words of crun, which scripts look for.
static Result<> validateDeadline(const std::string& path, const Scheduler& scheduler)
{
    const auto refuse = [&]<class... Values>(std::format_string<Values...> text, Values&&... values) {
        return wrong(path, "sched_setattr: `SCHED_DEADLINE` {}", std::format(text, std::forward<Values>(values)...));
    };
    const std::pair<std::string_view, std::optional<std::uint64_t>> needed[]{{"runtime", scheduler.runtime},
                                                                            {"deadline", scheduler.deadline}};
    for (const auto& [name, value] : needed)
        if (!value)
            return refuse("requires `{}`", name);
    for (const auto& [name, value] : needed)
        if (*value == 0)
            return refuse("{} must be greater than 0", name);
    const std::uint64_t runtime = *scheduler.runtime;
    const std::uint64_t deadline = *scheduler.deadline;
    const std::uint64_t period = scheduler.period.value_or(0); // 0: the deadline
    if (runtime > deadline)
        return refuse("runtime ({}) must be <= deadline ({})", runtime, deadline);
    if (period != 0 && deadline > period)
        return refuse("deadline ({}) must be <= period ({})", deadline, period);
    constexpr std::uint64_t least = 1024; // sched(7)
    constexpr std::uint64_t most = (std::uint64_t(1) << 63) - 1;
    if (runtime < least || runtime > most)
        return refuse("runtime ({}) must be between {} and {}", runtime, least, most);
    for (const auto& [name, value] : {std::pair("deadline", deadline), std::pair("period", period)})
        if (value > most)
            return refuse("{} ({}) must be between {} and {}", name, value, least, most);
    return {};
}

static Result<> validateScheduler(const std::string& path, const Scheduler& scheduler)
{
    const std::string_view policy = scheduler.policy;
    if (policy.empty())
        return wrong(path + ".policy", "scheduler policy is required");
    if (!schedulerPolicy(policy))
        return wrong(path + ".policy", "'{}' is not a scheduling policy", policy);
    if ((policy == "SCHED_OTHER" || policy == "SCHED_BATCH") && (scheduler.nice < -20 || scheduler.nice > 19))
        return wrong(path + ".nice", "{} is not from -20 to 19", scheduler.nice);
    const bool realTime = policy == "SCHED_FIFO" || policy == "SCHED_RR";
    if (scheduler.priority != 0 && !realTime)
        return wrong(path + ".priority", "can only be specified for SCHED_FIFO or SCHED_RR");
    if (realTime && (scheduler.priority < 1 || scheduler.priority > 99))
        return wrong(path + ".priority", "{} is not from 1 to 99", scheduler.priority);
    if (policy != "SCHED_DEADLINE" && (scheduler.runtime || scheduler.deadline || scheduler.period))
        return wrong(path, "runtime, deadline and period can only be specified for SCHED_DEADLINE");
    if (policy == "SCHED_DEADLINE")
        TRY(validateDeadline(path, scheduler));
    for (std::size_t i = 0; i < scheduler.flags.size(); ++i)
        if (!schedulerFlag(scheduler.flags[i]))
            return wrong(std::format("{}.flags[{}]", path, i), "'{}' is not a scheduler flag", scheduler.flags[i]);
    return {};
}

// ioprio_set(2).
static Result<> validateIoPriority(const std::string& path, const IoPriority& priority)
{
    if (!ioPriorityClass(priority.priorityClass))
        return wrong(path + ".class", "'{}' is not a class of IO priority", priority.priorityClass);
    if (priority.priority < 0 || priority.priority > 7)
        return wrong(path + ".priority", "{} is not from 0 to 7", priority.priority);
    return {};
}

Result<> validate(const Process& process, std::string_view at)
{
    const std::string path(at);
    if (process.cwd.empty())
        return wrong(path + ".cwd", "must not be empty");
    TRY(checkAbsolute(path + ".cwd", process.cwd));
    if (process.args.empty())
        return wrong(path + ".args", "must not be empty");
    for (std::size_t i = 0; i < process.args.size(); ++i)
        TRY(checkText(std::format("{}.args[{}]", path, i), process.args[i]));
    TRY(checkEnvironment(path + ".env", process.env));
    if (process.consoleSize && (process.consoleSize->height > 0xffff || process.consoleSize->width > 0xffff))
        return wrong(path + ".consoleSize", "is larger than a terminal can be");
    TRY(validateUser(path + ".user", process.user));
    TRY(validateRlimits(path + ".rlimits", process.rlimits));
    if (process.oomScoreAdj && (*process.oomScoreAdj < -1000 || *process.oomScoreAdj > 1000))
        return wrong(path + ".oomScoreAdj", "{} is not from -1000 to 1000", *process.oomScoreAdj);
    if (process.scheduler)
        TRY(validateScheduler(path + ".scheduler", *process.scheduler));
    if (process.ioPriority)
        TRY(validateIoPriority(path + ".ioPriority", *process.ioPriority));
    if (process.execCpuAffinity) {
        constexpr std::uint64_t processors = 8192; // CONFIG_NR_CPUS at most
        TRY(checkNumberList(path + ".execCPUAffinity.initial", process.execCpuAffinity->initial, processors));
        TRY(checkNumberList(path + ".execCPUAffinity.final", process.execCpuAffinity->final, processors));
    }
    return {};
}

} // namespace rocker::spec
