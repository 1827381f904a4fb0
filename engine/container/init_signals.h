#pragma once

#include <string_view>
#include <sys/types.h>

namespace rocker::container {

// Whether a container's first process would notice the signal: it catches it, or has it blocked to fetch it later. The
// kernel throws away what the first process of a pid namespace leaves at its default (pid_namespaces(7)), so that
// waiting for it to obey is waiting for nothing. True when it cannot be told.
bool hearsSignal(pid_t init, int signal);

// The same, of the text of a /proc/<pid>/status (proc_pid_status(5)).
bool hearsSignal(std::string_view status, int signal);

} // namespace rocker::container
