#pragma once

#include "engine/base/result.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace rocker::runtime {

// As `ps -ef` shows these processes; those that have ended meanwhile are left out.
std::string processTable(const std::vector<pid_t>& pids);

// What `ps` with such options prints, its heading and the lines of these processes. ps(1) must be installed.
Result<std::string> psOutput(const std::vector<std::string>& options, const std::vector<pid_t>& pids);
// The heading and the lines whose column PID is one of these.
Result<std::string> selectProcesses(std::string_view output, const std::vector<pid_t>& pids);

} // namespace rocker::runtime
