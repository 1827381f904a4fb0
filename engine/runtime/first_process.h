#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/runtime/record.h"

#include <string_view>

// Whether the process of a record is still that process (proc_pid_stat(5)).
namespace rocker::runtime {

struct ProcessTimes {
    char state = 'X';            // "R", "S", "Z" …
    std::uint64_t startTime = 0; // clock ticks since boot
};
// From the text of /proc/<pid>/stat; the name in it may contain anything.
std::optional<ProcessTimes> parseProcessStat(std::string_view text);
Result<ProcessTimes> processTimes(pid_t pid);

// It lives: the same start time, and not a zombie.
bool isAlive(const Record& record);
// A descriptor for signals, checked to be the record's process; FailedPrecondition "container not running" when it has
// ended.
Result<UniqueFd> openFirstProcess(const Record& record);

} // namespace rocker::runtime
