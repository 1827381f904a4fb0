#include "engine/runtime/first_process.h"

#include "engine/os/file.h"
#include "engine/os/process.h"

#include <cerrno>
#include <charconv>

namespace rocker::runtime {

std::optional<ProcessTimes> parseProcessStat(std::string_view text)
{
    const std::size_t nameEnd = text.rfind(')');
    if (nameEnd == std::string_view::npos || nameEnd + 2 >= text.size())
        return std::nullopt;
    text.remove_prefix(nameEnd + 2);
    ProcessTimes times{.state = text[0]};
    constexpr int fieldsBetween = 22 - 3; // the state is field 3, the start time 22
    for (int i = 0; i < fieldsBetween; ++i) {
        const std::size_t space = text.find(' ');
        if (space == std::string_view::npos)
            return std::nullopt;
        text.remove_prefix(space + 1);
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), times.startTime);
    if (error != std::errc() || end == text.data())
        return std::nullopt;
    return times;
}

Result<ProcessTimes> processTimes(pid_t pid)
{
    const std::string path = std::format("/proc/{}/stat", pid);
    const auto times = parseProcessStat(TRY(os::readFile(path), "read '{}'", path));
    if (!times)
        return fail(ErrorCode::Corrupt, "'{}' is not what proc_pid_stat(5) says", path);
    return *times;
}

bool isAlive(const Record& record)
{
    if (record.pid <= 0)
        return false;
    const auto times = processTimes(record.pid);
    return times && times->startTime == record.startTime && times->state != 'Z' && times->state != 'X';
}

Result<UniqueFd> openFirstProcess(const Record& record)
{
    if (record.pid > 0) {
        auto process = os::openPidfd(record.pid);
        // In this order: what the descriptor stands for cannot become another process after the check.
        if (process && isAlive(record))
            return std::move(*process);
        if (!process && process.error().errnum != ESRCH)
            return fail(std::move(process).error().in(std::format("open process {}", record.pid)));
    }
    return fail(ErrorCode::FailedPrecondition, "container not running");
}

} // namespace rocker::runtime
