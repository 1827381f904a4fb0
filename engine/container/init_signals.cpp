#include "engine/container/init_signals.h"

#include "engine/os/file.h"

#include <charconv>
#include <csignal>
#include <cstdint>
#include <format>
#include <optional>

namespace rocker::container {

namespace {

// "SigCgt:\t0000000000004a02": bit N-1 is signal N.
std::optional<std::uint64_t> signalSet(std::string_view status, std::string_view name)
{
    const std::size_t line = status.find(std::format("\n{}:\t", name));
    if (line == std::string_view::npos)
        return std::nullopt;
    const char* const digits = status.data() + line + name.size() + 3;
    std::uint64_t set = 0;
    if (std::from_chars(digits, status.data() + status.size(), set, 16).ec != std::errc{})
        return std::nullopt;
    return set;
}

} // namespace

bool hearsSignal(std::string_view status, int signal)
{
    const auto caught = signalSet(status, "SigCgt");
    const auto blocked = signalSet(status, "SigBlk");
    if (!caught || !blocked || signal < 1 || signal > 64 || signal == SIGKILL || signal == SIGSTOP)
        return true;
    return ((*caught | *blocked) >> (signal - 1) & 1) != 0;
}

bool hearsSignal(pid_t init, int signal)
{
    const auto status = os::readFile(std::format("/proc/{}/status", init));
    return !status || hearsSignal(std::string_view(*status), signal);
}

} // namespace rocker::container
