#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/cgroup/layout.h"
#include "engine/container/engine_config.h"
#include "engine/container/process_spec.h"
#include "engine/container/record.h"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

// Starting a container, or one more command in it. Both fork a starter, which does all the work step by step, undoes it
// when a step fails, and when all is done becomes (by exec) the monitor: the parent of the container's process.
namespace rocker::container {

struct LaunchPlan {
    EngineConfig config;
    cgroup::Layout cgroups;
    ContainerInfo info;
    std::optional<TerminalDimensions> size;
    struct Bind {
        UniqueFd source; // opened as the owner
        std::string target;
        bool readOnly = false;
    };
    std::vector<Bind> binds;
};

struct ExecPlan {
    EngineConfig config;
    cgroup::Layout cgroups;
    std::string containerId;
    pid_t containerPid = 0;
    ProcessSpec process;
    bool interactive = false;
    std::string sessionId; // its monitor's name in the monitors' directory
};

// What a container's record says of a process in it: user, environment, directory and capabilities.
ProcessSpec processOf(const Settings& settings, std::vector<std::string> arguments, bool terminal);

// A start under way. Wait for `result` to become readable, then call finish().
struct Starting {
    UniqueFd result;
    UniqueFd starter; // pidfd; after success the monitor's

    // The container's pid, or the error that names the failed step. Reaps a starter that has failed.
    Result<pid_t> finish();
};

Result<Starting> launch(LaunchPlan plan);
Result<Starting> launchExec(ExecPlan plan);

// A new container's layer over the image's, lowest first.
Result<> createFiles(const EngineConfig& config, const std::string& id, const std::vector<std::string>& lowerDirectories);

// What remains of a container when nothing of it runs: processes of its cgroup (killed), cgroups, the monitor's socket.
// Blocks until they are gone. Safe to repeat.
Result<> cleanUpRun(const EngineConfig& config, const cgroup::Layout& cgroups, const std::string& id);
// And its layer. Its record is the store's.
Result<> removeFiles(const EngineConfig& config, const std::string& id);

} // namespace rocker::container
