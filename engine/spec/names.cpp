#include "engine/spec/names.h"

#include <charconv>
#include <iterator>
#include <linux/mempolicy.h>
#include <linux/sched.h>
#include <string>
#include <sys/personality.h>
#include <sys/resource.h>

namespace rocker::spec {

namespace {

template<typename T>
struct Named {
    std::string_view name;
    T value;
};

template<typename T, std::size_t Count>
std::optional<T> find(const Named<T> (&table)[Count], std::string_view name)
{
    for (const Named<T>& row : table)
        if (row.name == name)
            return row.value;
    return std::nullopt;
}

std::optional<unsigned> number(std::string_view text)
{
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

} // namespace

std::optional<int> rlimitNumber(std::string_view name)
{
    static constexpr Named<int> table[]{
        {"RLIMIT_AS", RLIMIT_AS},           {"RLIMIT_CORE", RLIMIT_CORE},
        {"RLIMIT_CPU", RLIMIT_CPU},         {"RLIMIT_DATA", RLIMIT_DATA},
        {"RLIMIT_FSIZE", RLIMIT_FSIZE},     {"RLIMIT_LOCKS", RLIMIT_LOCKS},
        {"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK}, {"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
        {"RLIMIT_NICE", RLIMIT_NICE},       {"RLIMIT_NOFILE", RLIMIT_NOFILE},
        {"RLIMIT_NPROC", RLIMIT_NPROC},     {"RLIMIT_RSS", RLIMIT_RSS},
        {"RLIMIT_RTPRIO", RLIMIT_RTPRIO},   {"RLIMIT_RTTIME", RLIMIT_RTTIME},
        {"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING}, {"RLIMIT_STACK", RLIMIT_STACK},
    };
    return find(table, name);
}

std::optional<std::uint32_t> schedulerPolicy(std::string_view name)
{
    static constexpr Named<std::uint32_t> table[]{
        {"SCHED_OTHER", SCHED_NORMAL}, {"SCHED_FIFO", SCHED_FIFO}, {"SCHED_RR", SCHED_RR},
        {"SCHED_BATCH", SCHED_BATCH},  {"SCHED_ISO", 4},           {"SCHED_IDLE", SCHED_IDLE},
        {"SCHED_DEADLINE", SCHED_DEADLINE},
    };
    return find(table, name);
}

std::optional<std::uint64_t> schedulerFlag(std::string_view name)
{
    static constexpr Named<std::uint64_t> table[]{
        {"SCHED_FLAG_RESET_ON_FORK", SCHED_FLAG_RESET_ON_FORK},   {"SCHED_FLAG_RECLAIM", SCHED_FLAG_RECLAIM},
        {"SCHED_FLAG_DL_OVERRUN", SCHED_FLAG_DL_OVERRUN},         {"SCHED_FLAG_KEEP_POLICY", SCHED_FLAG_KEEP_POLICY},
        {"SCHED_FLAG_KEEP_PARAMS", SCHED_FLAG_KEEP_PARAMS},       {"SCHED_FLAG_UTIL_CLAMP_MIN", SCHED_FLAG_UTIL_CLAMP_MIN},
        {"SCHED_FLAG_UTIL_CLAMP_MAX", SCHED_FLAG_UTIL_CLAMP_MAX},
    };
    return find(table, name);
}

std::optional<int> ioPriorityClass(std::string_view name)
{
    // As numbers: <linux/ioprio.h> of some kernels names a parameter `class` and cannot be included here.
    static constexpr Named<int> table[]{{"IOPRIO_CLASS_RT", 1}, {"IOPRIO_CLASS_BE", 2}, {"IOPRIO_CLASS_IDLE", 3}};
    return find(table, name);
}

std::optional<int> memoryPolicyMode(std::string_view name)
{
    static constexpr Named<int> table[]{
        {"MPOL_DEFAULT", MPOL_DEFAULT}, {"MPOL_PREFERRED", MPOL_PREFERRED},
        {"MPOL_BIND", MPOL_BIND},       {"MPOL_INTERLEAVE", MPOL_INTERLEAVE},
        {"MPOL_LOCAL", MPOL_LOCAL},     {"MPOL_PREFERRED_MANY", MPOL_PREFERRED_MANY},
        {"MPOL_WEIGHTED_INTERLEAVE", 6}, // Linux 6.9: newer than the headers
    };
    return find(table, name);
}

std::optional<int> memoryPolicyFlag(std::string_view name)
{
    static constexpr Named<int> table[]{
        {"MPOL_F_STATIC_NODES", MPOL_F_STATIC_NODES},
                                         {"MPOL_F_RELATIVE_NODES", MPOL_F_RELATIVE_NODES},
                                         {"MPOL_F_NUMA_BALANCING", MPOL_F_NUMA_BALANCING}};
    return find(table, name);
}

std::optional<unsigned long> personalityDomain(std::string_view name)
{
    static constexpr Named<unsigned long> table[]{{"LINUX", PER_LINUX}, {"LINUX32", PER_LINUX32}};
    return find(table, name);
}

std::optional<std::vector<std::uint64_t>> numberList(std::string_view text)
{
    constexpr unsigned limit = 8192;
    std::vector<std::uint64_t> mask;
    for (bool more = !text.empty(); more;) {
        const std::size_t comma = text.find(',');
        const std::string_view part = text.substr(0, comma);
        more = comma != std::string_view::npos;
        text.remove_prefix(more ? comma + 1 : text.size());

        const std::size_t dash = part.find('-');
        const auto first = number(part.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : number(part.substr(dash + 1));
        if (!first || !last || *first > *last || *last >= limit)
            return std::nullopt;
        if (mask.size() <= *last / 64)
            mask.resize(*last / 64 + 1);
        for (unsigned i = *first; i <= *last; ++i)
            mask[i / 64] |= std::uint64_t(1) << i % 64;
    }
    return mask;
}

} // namespace rocker::spec
