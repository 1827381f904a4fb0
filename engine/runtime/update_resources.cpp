#include "engine/runtime/update_resources.h"

#include <charconv>
#include <limits>

namespace rocker::runtime {

Result<std::int64_t> parseBytes(std::string_view text)
{
    if (text == "-1")
        return -1;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    std::string suffix;
    for (const char c : std::string_view(end, std::size_t(text.data() + text.size() - end)))
        if (c != ' ' || !suffix.empty())
            suffix += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    double factor = 1;
    if (!suffix.empty() && suffix != "b") {
        constexpr std::string_view units = "kmgtp";
        const std::size_t unit = units.find(suffix[0]);
        const std::string_view behind = std::string_view(suffix).substr(1);
        if (unit == std::string_view::npos || (!behind.empty() && behind != "b" && behind != "ib"))
            return fail(ErrorCode::InvalidArgument, "invalid size: '{}'", text);
        for (std::size_t i = 0; i <= unit; ++i)
            factor *= 1024;
    }
    const double bytes = value * factor;
    if (error != std::errc() || bytes < 0 || bytes >= double(std::numeric_limits<std::int64_t>::max()))
        return fail(ErrorCode::InvalidArgument, "invalid size: '{}'", text);
    return std::int64_t(bytes);
}

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

template<typename T>
Result<> takeNumber(const Arguments& arguments, std::string_view name, std::optional<T>& target, std::int64_t minimum,
                    std::int64_t maximum = most)
{
    if (arguments.text(name).empty())
        return {};
    if (const auto value = TRY(arguments.number(name, minimum, maximum)))
        target = T(*value);
    return {};
}

Result<> takeBytes(const Arguments& arguments, std::string_view name, std::optional<std::int64_t>& target)
{
    if (const std::string text = arguments.text(name); !text.empty())
        target = TRY(parseBytes(text), "invalid value for {}", name);
    return {};
}

void takeText(const Arguments& arguments, std::string_view name, std::optional<std::string>& target)
{
    if (const std::string text = arguments.text(name); !text.empty())
        target = text;
}

} // namespace

Result<spec::Resources> updatedResources(const Arguments& arguments)
{
    spec::Resources resources;
    spec::CpuResources& cpu = resources.cpu.emplace();
    TRY(takeNumber(arguments, "cpu-share", cpu.shares, 0));
    TRY(takeNumber(arguments, "cpu-quota", cpu.quota, -1));
    TRY(takeNumber(arguments, "cpu-period", cpu.period, 0));
    TRY(takeNumber(arguments, "cpu-burst", cpu.burst, 0));
    TRY(takeNumber(arguments, "cpu-rt-period", cpu.realtimePeriod, 0));
    TRY(takeNumber(arguments, "cpu-rt-runtime", cpu.realtimeRuntime, -1));
    TRY(takeNumber(arguments, "cpu-idle", cpu.idle, 0, 1));
    takeText(arguments, "cpuset-cpus", cpu.cpus);
    takeText(arguments, "cpuset-mems", cpu.mems);
    spec::MemoryResources& memory = resources.memory.emplace();
    TRY(takeBytes(arguments, "memory", memory.limit));
    TRY(takeBytes(arguments, "memory-reservation", memory.reservation));
    TRY(takeBytes(arguments, "memory-swap", memory.swap));
    TRY(takeBytes(arguments, "kernel-memory", memory.kernel));
    TRY(takeBytes(arguments, "kernel-memory-tcp", memory.kernelTcp));
    TRY(takeNumber(arguments, "pids-limit", resources.pids.emplace().limit, -1));
    TRY(takeNumber(arguments, "blkio-weight", resources.blockIo.emplace().weight, 0, 1000));
    return resources;
}

} // namespace rocker::runtime
