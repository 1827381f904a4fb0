#pragma once

#include "engine/cgroup/limits.h"
#include "engine/json/fields.h"

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

// <id>/config.json: what the engine remembers of a container. The keys State, ID, Created, Args, Config and Name are
// those of the seed, so that either reads what the other wrote; Settings is what this engine needs besides.
namespace rocker::container {

struct State {
    bool running = false;
    bool paused = false;
    bool restarting = false;
    bool oomKilled = false;
    bool removalInProgress = false;
    bool dead = false;
    std::int64_t pid = 0;
    std::int64_t exitCode = 0;
    std::string startedAt;  // RFC 3339 in UTC, empty for never
    std::string finishedAt;

    // As people read it: Paused, Restarting or Up; Removal In Progress, Dead, Created, "" or Exited.
    std::string toString() const;

    static constexpr auto fields()
    {
        using json::defaulted;
        using S = State;
        return std::tuple(defaulted("Running", &S::running), defaulted("Paused", &S::paused),
                          defaulted("Restarting", &S::restarting), defaulted("OOMKilled", &S::oomKilled),
                          defaulted("RemovalInProgress", &S::removalInProgress), defaulted("Dead", &S::dead),
                          defaulted("Pid", &S::pid), defaulted("ExitCode", &S::exitCode),
                          defaulted("StartedAt", &S::startedAt), defaulted("FinishedAt", &S::finishedAt));
    }
};

struct CGroupResourceConfig {
    std::string memoryLimit;
    std::string cpuShare;
    std::string cpuSet;
    static constexpr auto fields()
    {
        using C = CGroupResourceConfig;
        return std::tuple(json::defaulted("MemoryLimit", &C::memoryLimit), json::defaulted("CpuShare", &C::cpuShare),
                          json::defaulted("CpuSet", &C::cpuSet));
    }
};

struct Config {
    std::vector<std::string> cmd;
    std::string image;
    std::vector<std::string> volumes; // host:container[:ro]
    CGroupResourceConfig cgroup;
    std::vector<std::string> portMapping;
    std::string ip;
    static constexpr auto fields()
    {
        using json::defaulted;
        using C = Config;
        return std::tuple(defaulted("Cmd", &C::cmd), defaulted("Image", &C::image), defaulted("Volumes", &C::volumes),
                          defaulted("CGroup", &C::cgroup), defaulted("portmapping", &C::portMapping),
                          defaulted("IP", &C::ip));
    }
};

struct Settings {
    std::string imageId;
    std::vector<std::string> chainIds;    // of the image's layers, lowest first
    std::vector<std::string> environment; // the image's and then the user's
    std::string workingDirectory = "/";
    std::string user;
    std::string hostname;
    std::string stopSignal = "SIGTERM";
    std::vector<std::string> capabilities; // CAP_… names
    std::optional<std::int64_t> memorySwap;
    std::optional<double> cpus;
    std::optional<std::int64_t> pids;
    bool tty = false;
    bool interactive = false;
    bool removeOnExit = false;
    std::int64_t owner = 0;
    std::int64_t ownerGroup = 0;
    std::int64_t firstHostId = 0;
    std::string error; // why the last start failed
    static constexpr auto fields()
    {
        using json::defaulted;
        using S = Settings;
        return std::tuple(defaulted("ImageID", &S::imageId), defaulted("Layers", &S::chainIds),
                          defaulted("Env", &S::environment), defaulted("WorkingDir", &S::workingDirectory),
                          defaulted("User", &S::user), defaulted("Hostname", &S::hostname),
                          defaulted("StopSignal", &S::stopSignal), defaulted("Capabilities", &S::capabilities),
                          defaulted("MemorySwap", &S::memorySwap), defaulted("Cpus", &S::cpus),
                          defaulted("Pids", &S::pids), defaulted("Tty", &S::tty),
                          defaulted("Interactive", &S::interactive), defaulted("RemoveOnExit", &S::removeOnExit),
                          defaulted("Owner", &S::owner), defaulted("OwnerGroup", &S::ownerGroup),
                          defaulted("FirstHostID", &S::firstHostId), defaulted("Error", &S::error));
    }
};

struct ContainerInfo {
    State state;
    std::string id; // 64 hexadecimal digits
    std::string created;
    std::vector<std::string> args; // the command line as it runs
    Config config;
    std::string name;
    Settings settings;

    cgroup::Limits limits() const;
    void setLimits(const cgroup::Limits& limits);

    static constexpr auto fields()
    {
        using json::required;
        using I = ContainerInfo;
        return std::tuple(required("State", &I::state), required("ID", &I::id), json::defaulted("Created", &I::created),
                          json::defaulted("Args", &I::args), json::defaulted("Config", &I::config),
                          required("Name", &I::name), json::defaulted("Settings", &I::settings));
    }
};

// RFC 3339 with nanoseconds, UTC.
std::string timestamp();
// 256 random bits in hexadecimal.
std::string newId();
// 1 to 64 of [a-zA-Z0-9_.-], the first one a letter or a digit.
bool isValidName(const std::string& name);

} // namespace rocker::container
