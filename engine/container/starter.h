#pragma once

#include "engine/base/result.h"
#include "engine/container/engine_config.h"
#include "engine/container/process_spec.h"
#include "engine/monitor/protocol.h"
#include "engine/transcript/transcript.h"

#include <functional>
#include <span>
#include <string>
#include <sys/types.h>

// What the starters of a container and of an exec session share.
namespace rocker::container {

// One step of a start; what it has made is undone by its owner's undo(), in reverse.
struct Step {
    const char* name;
    std::function<Result<>()> apply;
    std::function<void()> undo = {};
};

// All of them, or none: when one fails, the ones before it are undone, last first, and the error names the step.
Result<> runSteps(std::span<const Step> steps);

// Pipes for a process without a terminal: the container's ends, and the monitor's.
struct StreamPipes {
    StandardStreams inside;
    UniqueFd input;
    UniqueFd output;
    UniqueFd errorOutput;
};
Result<StreamPipes> makeStreamPipes(bool interactive);

// Everything that the monitor inherits.
struct MonitorParts {
    UniqueFd program;
    UniqueFd process;
    UniqueFd listener;
    transcript::Files files;
    UniqueFd terminal;
    StreamPipes pipes;
    UniqueFd oomFile;
    UniqueFd directory;
};

Result<UniqueFd> listenForControl(const EngineConfig& config, const std::string& name);
// Becomes the monitor (execveat(2)); returns only an error. `ready` is told once it runs.
Error becomeMonitor(MonitorParts parts, pid_t pid, BorrowedFd ready);

// Forks; in the child, with default signals, a session of its own and no descriptors but `kept`, runs `work`, whose
// return is a failure that is reported through the result pipe.
struct Starting;
Result<Starting> forkStarter(std::vector<int> kept, const std::function<Error(BorrowedFd result)>& work);

} // namespace rocker::container
