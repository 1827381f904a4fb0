#include "engine/container/record.h"

#include <charconv>
#include <cstdlib>
#include <ctime>
#include <format>
#include <string_view>
#include <sys/random.h>

namespace rocker::container {

namespace {

std::optional<std::int64_t> number(const std::string& text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// The seed handed its text on to memory.limit_in_bytes, which knows one letter for a power of 1024 (memparse()).
std::optional<std::int64_t> bytes(const std::string& text)
{
    constexpr std::string_view letters = "kmgt";
    const std::size_t power = text.empty() ? std::string_view::npos : letters.find(char(text.back() | 0x20));
    if (power == std::string_view::npos)
        return number(text);
    const auto count = number(text.substr(0, text.size() - 1));
    std::int64_t value = 0;
    if (!count || __builtin_mul_overflow(*count, std::int64_t(1) << (10 * (power + 1)), &value))
        return std::nullopt;
    return value;
}

std::string text(const std::optional<std::int64_t>& value)
{
    return value ? std::to_string(*value) : "";
}

} // namespace

std::string State::toString() const
{
    if (running)
        return paused ? "Paused" : restarting ? "Restarting" : "Up";
    if (removalInProgress)
        return "Removal In Progress";
    if (dead)
        return "Dead";
    if (startedAt.empty())
        return "Created";
    return finishedAt.empty() ? "" : "Exited";
}

cgroup::Limits ContainerInfo::limits() const
{
    cgroup::Limits limits{.memory = bytes(config.cgroup.memoryLimit),
                          .memorySwap = settings.memorySwap,
                          .cpus = settings.cpus,
                          .cpuShares = number(config.cgroup.cpuShare),
                          .pids = settings.pids};
    if (!config.cgroup.cpuSet.empty())
        limits.cpuset = config.cgroup.cpuSet;
    return limits;
}

void ContainerInfo::setLimits(const cgroup::Limits& limits)
{
    config.cgroup = {text(limits.memory), text(limits.cpuShares), limits.cpuset.value_or("")};
    settings.memorySwap = limits.memorySwap;
    settings.cpus = limits.cpus;
    settings.pids = limits.pids;
}

std::string timestamp()
{
    timespec now;
    ::clock_gettime(CLOCK_REALTIME, &now);
    tm utc;
    ::gmtime_r(&now.tv_sec, &utc);
    return std::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                       utc.tm_hour, utc.tm_min, utc.tm_sec, now.tv_nsec);
}

std::string newId()
{
    unsigned char random[32];
    // getrandom(2): up to 256 bytes are never cut short once the pool is ready.
    if (::getrandom(random, sizeof random, 0) != ssize_t(sizeof random))
        std::abort();
    std::string id;
    for (const unsigned char byte : random)
        id += std::format("{:02x}", byte);
    return id;
}

bool isValidName(const std::string& name)
{
    const auto isAlphanumeric = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (name.empty() || name.size() > 64 || !isAlphanumeric(name[0]))
        return false;
    for (const char c : name)
        if (!isAlphanumeric(c) && c != '_' && c != '.' && c != '-')
            return false;
    return true;
}

} // namespace rocker::container
