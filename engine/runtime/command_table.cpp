#include "engine/runtime/command.h"

#include <array>

namespace rocker::runtime {

namespace {

constexpr std::size_t any = std::string_view::npos;

constexpr Option bundle{"bundle", 'b', "DIR", "the bundle's directory (default: the current one)"};
constexpr Option config{"config", 'f', "FILE", "the configuration, when it is not the bundle's config.json"};
constexpr Option consoleSocket{"console-socket", 0, "SOCKET", "a Unix socket that gets the terminal's master"};
constexpr Option pidfdSocket{"pidfd-socket", 0, "SOCKET", "a Unix socket that gets a pidfd of the process"};
constexpr Option pidFile{"pid-file", 0, "FILE", "where to write the process's id"};
constexpr Option preserveFds{"preserve-fds", 0, "N", "hand on N more descriptors, from 3 (and LISTEN_FDS) up"};
constexpr Option noPivot{"no-pivot", 0, {}, "do not use pivot_root, for a root file system on a ramdisk"};
constexpr Option noNewKeyring{"no-new-keyring", 0, {}, "keep the caller's session keyring"};
constexpr Option detach{"detach", 'd', {}, "leave the process running and return"};
constexpr Option noSubreaper{"no-subreaper", 0, {}, "do not reap processes that the container's leave behind"};

constexpr std::array createOptions{bundle, config, consoleSocket, pidfdSocket, pidFile, preserveFds, noPivot, noNewKeyring,
                                   Option{"no-subreaper"}};
constexpr std::array runOptions{bundle, config, consoleSocket, pidfdSocket, pidFile, preserveFds, noPivot, noNewKeyring,
                                detach, Option{"keep", 0, {}, "do not delete the container when it has ended"}, noSubreaper};
constexpr std::array killOptions{
    Option{"all", 'a', {}, "all processes of the container; one that has stopped is no error"},
    Option{"regex", 'r', {}, "CONTAINER is a regular expression for several"}};
constexpr std::array deleteOptions{Option{"force", 'f', {}, "kill it when it still runs; none of that name is no error"},
                                   Option{"regex", 'r', {}, "CONTAINER is a regular expression for several"}};
constexpr std::array execOptions{
    consoleSocket,
    pidfdSocket,
    Option{"cwd", 0, "DIR", "the working directory in the container"},
    Option{"env", 'e', "NAME=VALUE", "one more environment variable; may be repeated"},
    Option{"tty", 't', {}, "with a terminal of its own"},
    Option{"user", 'u', "UID[:GID]", "as which user"},
    Option{"additional-gids", 'g', "GID", "one more group; may be repeated"},
    Option{"process", 'p', "FILE", "the process as JSON, instead of a command"},
    detach,
    pidFile,
    Option{"process-label", 0, "LABEL", "the SELinux label"},
    Option{"apparmor", 0, "PROFILE", "the AppArmor profile"},
    Option{"no-new-privs", 0, {}, "no privileges by set-user-ID programs"},
    Option{"cap", 'c', "CAP", "one more capability; may be repeated"},
    preserveFds,
    Option{"cgroup", 0, "[CONTROLLER:]PATH", "in a cgroup below the container's; may be repeated"},
    Option{"ignore-paused", 0, {}, "enter a paused container, and wait there until it is resumed"},
    Option{"no-subreaper"}};
constexpr std::array listOptions{Option{"format", 'f', "FORMAT", "table (default) or json"},
                                 Option{"quiet", 'q', {}, "identifiers only"}};
constexpr std::array psOptions{Option{"format", 'f', "FORMAT", "table (default) or json"}};
constexpr std::array updateOptions{
    Option{"resources", 'r', "FILE", "the resources as JSON, - for standard input; other options are not looked at then"},
    Option{"blkio-weight", 0, "N", "10 to 1000"},
    Option{"cpu-period", 0, "US", "microseconds of a period of the processor limit"},
    Option{"cpu-quota", 0, "US", "microseconds of processor time in each period"},
    Option{"cpu-burst", 0, "US", "microseconds that may be saved for later"},
    Option{"cpu-share", 0, "N", "weight against other containers"},
    Option{"cpu-rt-period", 0, "US", "the same for real-time processes"},
    Option{"cpu-rt-runtime", 0, "US", "microseconds for real-time processes in each period"},
    Option{"cpu-idle", 0, "0|1", "1: only what others leave of the processor"},
    Option{"cpuset-cpus", 0, "LIST", "processors to run on: 0-2,4"},
    Option{"cpuset-mems", 0, "LIST", "memory nodes to use"},
    Option{"memory", 0, "BYTES", "limit of memory (suffixes k, m, g; -1: none)"},
    Option{"memory-reservation", 0, "BYTES", "what is left to it when memory is short"},
    Option{"memory-swap", 0, "BYTES", "limit of memory and swap together (-1: none)"},
    Option{"kernel-memory", 0, "BYTES"},
    Option{"kernel-memory-tcp", 0, "BYTES"},
    Option{"pids-limit", 0, "N", "number of processes (-1: no limit)"},
    Option{"l3-cache-schema", 0, "SCHEMA", "Intel RDT: the third level cache"},
    Option{"mem-bw-schema", 0, "SCHEMA", "Intel RDT: memory bandwidth"}};
constexpr std::array specOptions{bundle, Option{"file", 'f', "FILE", "where to write it, replaced if it is there"},
                                 Option{"rootless", 0, {}, "for a container of a user who is not root"}};
constexpr std::array eventsOptions{Option{"interval", 0, "TIME", "between statistics: 5s, 500ms (default: 5s)"},
                                   Option{"stats", 0, {}, "the statistics once"}};
constexpr std::array checkpointOptions{
    Option{"image-path", 0, "DIR"}, Option{"work-path", 0, "DIR"}, Option{"parent-path", 0, "DIR"}, Option{"leave-running"},
    Option{"tcp-established"}, Option{"tcp-skip-in-flight"}, Option{"tcp-close"}, Option{"link-remap"}, Option{"ext-unix-sk"},
    Option{"shell-job"}, Option{"lazy-pages"}, Option{"status-fd", 0, "FD"}, Option{"page-server", 0, "ADDRESS"},
    Option{"file-locks"}, Option{"pre-dump"}, Option{"manage-cgroups-mode", 0, "MODE"}, Option{"network-lock", 0, "METHOD"},
    Option{"empty-ns", 0, "NAMESPACE"}, Option{"auto-dedup"}};
constexpr std::array restoreOptions{
    bundle, consoleSocket, pidFile, detach, noSubreaper, noPivot, Option{"image-path", 0, "DIR"},
    Option{"work-path", 0, "DIR"}, Option{"tcp-established"}, Option{"tcp-close"}, Option{"ext-unix-sk"}, Option{"shell-job"},
    Option{"file-locks"}, Option{"manage-cgroups-mode", 0, "MODE"}, Option{"network-lock", 0, "METHOD"},
    Option{"empty-ns", 0, "NAMESPACE"}, Option{"auto-dedup"}, Option{"lazy-pages"}, Option{"lsm-profile", 0, "PROFILE"},
    Option{"lsm-mount-context", 0, "CONTEXT"}};

constexpr std::string_view aboutBundle = "The bundle is a directory with a config.json and a root file system, as the runtime specification has it.";

constexpr std::array table{
    Command{"checkpoint", "save a running container (not supported)", "CONTAINER", {}, checkpointOptions, 1, 1},
    Command{"create", "create a container", "CONTAINER", aboutBundle, createOptions, 1, 1},
    Command{"delete", "delete a container and what it held", "CONTAINER", {}, deleteOptions, 1, 1},
    Command{"events", "show a container's resource usage and when it runs out of memory", "CONTAINER", {}, eventsOptions, 1, 1},
    Command{"exec", "run one more process in a container", "CONTAINER cmd [ARGUMENT...]",
            "With --process no cmd is given. The exit code is the process's, or 255.", execOptions, 1, any, 1, 255},
    Command{"features", "show what this runtime can do, as JSON", {}, {}, {}, 0, 0},
    Command{"kill", "send a signal (default: TERM) to a container's first process", "CONTAINER [SIGNAL]", {}, killOptions, 1, 2, 1},
    Command{"list", "list the containers below --root", {}, {}, listOptions, 0, 0},
    Command{"mounts", "add mounts to a running container, or remove them", "[add|remove] CONTAINER FILE",
            "FILE is a JSON array of mounts as in config.json.", {}, 3, 3},
    Command{"pause", "stop all processes of a container for the time being", "CONTAINER", {}, {}, 1, 1},
    Command{"ps", "show a container's processes", "CONTAINER [OPTION OF PS...]",
            "Options are handed on to ps(1).", psOptions, 1, any, 1},
    Command{"restore", "restore a saved container (not supported)", "CONTAINER", {}, restoreOptions, 1, 1},
    Command{"resume", "let the processes of a paused container go on", "CONTAINER", {}, {}, 1, 1},
    Command{"run", "create a container and start it", "CONTAINER", aboutBundle, runOptions, 1, 1},
    Command{"spec", "write a config.json to begin with", {}, {}, specOptions, 0, 0},
    Command{"start", "run the command of a created container", "CONTAINER", {}, {}, 1, 1},
    Command{"state", "show the state of a container, as JSON", "CONTAINER", {}, {}, 1, 1},
    Command{"update", "change a container's resource limits", "CONTAINER", {}, updateOptions, 1, 1},
};

constexpr std::array global{
    Option{"root", 0, "DIR", "where the state of containers is kept"},
    Option{"log", 0, "FILE", "where errors and warnings go: [file:]PATH, syslog:ID or journald:ID (default: standard error)"},
    Option{"log-format", 0, "FORMAT", "text (default) or json"},
    Option{"log-level", 0, "LEVEL", "error, warning (default) or debug"},
    Option{"debug", 0, {}, "the same as --log-level debug"},
    Option{"systemd-cgroup", 0, {}, "the configuration's cgroupsPath is slice:prefix:name"},
    Option{"cgroup-manager", 0, "MANAGER", "cgroupfs (default), systemd or disabled"},
    Option{"rootless", 0, "BOOL", "true, false or auto: whether missing rights for cgroups are no error"},
    Option{"criu", 0, "PATH"},
    Option{"version", 'v', {}, "show the version"},
    Option{"V", 'V', {}},
    Option{"help", 'h', {}, "show this"},
};

} // namespace

std::span<const Command> commands()
{
    return table;
}

const Command* findCommand(std::string_view name)
{
    for (const Command& command : table)
        if (command.name == name)
            return &command;
    return nullptr;
}

std::span<const Option> globalOptions()
{
    return global;
}

} // namespace rocker::runtime
