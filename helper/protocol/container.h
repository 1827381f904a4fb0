#pragma once

#include "helper/protocol/method.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// A container as the messages carry it. Times are RFC 3339 in UTC, empty when the thing has not happened; sizes are bytes.
namespace rocker::protocol {

enum class ContainerState { Created, Running, Paused, Restarting, Removing, Exited, Dead };

constexpr auto enumNames(ContainerState)
{
    using enum ContainerState;
    using namespace std::string_view_literals;
    return std::array{std::pair{Created, "created"sv},       std::pair{Running, "running"sv},
                      std::pair{Paused, "paused"sv},         std::pair{Restarting, "restarting"sv},
                      std::pair{Removing, "removing"sv},     std::pair{Exited, "exited"sv},
                      std::pair{Dead, "dead"sv}};
}

// One row of the list: what a person sees of a container without asking for more.
struct Container {
    std::string id;
    std::string name;
    std::string image;
    std::vector<std::string> command;
    ContainerState state = ContainerState::Created;
    std::int64_t pid = 0;
    std::int64_t exitCode = 0;
    bool oomKilled = false;
    bool tty = false;
    bool interactive = false;
    std::string error;
    std::string createdAt;
    std::string startedAt;
    std::string finishedAt;
    std::int64_t owner = 0;

    bool operator==(const Container&) const = default;
    static constexpr auto fields()
    {
        using json::required;
        using C = Container;
        return std::tuple(required("id", &C::id, "64 hexadecimal digits"), required("name", &C::name),
                          required("image", &C::image, "the reference it was created from"),
                          required("command", &C::command, "entrypoint and arguments as they will run"),
                          required("state", &C::state),
                          required("pid", &C::pid, "of its first process, outside; 0 when it does not run"),
                          required("exitCode", &C::exitCode, "of the last run; 128 + N for a death by signal N"),
                          required("oomKilled", &C::oomKilled), required("tty", &C::tty),
                          required("interactive", &C::interactive, "its standard input is kept open"),
                          required("error", &C::error, "why it could not be started the last time, else empty"),
                          required("createdAt", &C::createdAt), required("startedAt", &C::startedAt),
                          required("finishedAt", &C::finishedAt), required("owner", &C::owner, "uid that created it"));
    }
};

struct Bind {
    std::string source;
    std::string target;
    bool readOnly = false;

    bool operator==(const Bind&) const = default;
    static constexpr auto fields()
    {
        return std::tuple(json::required("source", &Bind::source, "absolute, on the host; opened as the caller"),
                          json::required("target", &Bind::target, "absolute, in the container"),
                          json::defaulted("readOnly", &Bind::readOnly));
    }
};

// Absent means no limit of the container's own.
struct Limits {
    std::optional<std::int64_t> memory;
    std::optional<std::int64_t> memorySwap;
    std::optional<double> cpus;
    std::optional<std::int64_t> cpuShares;
    std::optional<std::string> cpuset;
    std::optional<std::int64_t> pids;

    bool operator==(const Limits&) const = default;
    static constexpr auto fields()
    {
        using json::defaulted;
        using L = Limits;
        return std::tuple(defaulted("memory", &L::memory, "bytes, at least 6 MiB"),
                          defaulted("memorySwap", &L::memorySwap, "bytes of memory and swap together, -1 for no limit"),
                          defaulted("cpus", &L::cpus, "processors' worth of time, 0.01 or more"),
                          defaulted("cpuShares", &L::cpuShares, "relative weight, 2 to 262144"),
                          defaulted("cpuset", &L::cpuset, "processors as in \"0-2,4\""),
                          defaulted("pids", &L::pids, "processes and threads"));
    }
};

// Everything about a container that its row does not say.
struct ContainerDetails {
    std::string imageId;
    std::vector<std::string> environment;
    std::string workingDirectory;
    std::string user;
    std::string hostname;
    std::vector<Bind> binds;
    Limits limits;
    std::vector<std::string> capabilities;
    bool removeOnExit = false;
    std::string logPath;
    std::string mergedPath;
    std::vector<std::string> layers;
    std::int64_t firstHostId = 0;
    std::string stopSignal;

    bool operator==(const ContainerDetails&) const = default;
    static constexpr auto fields()
    {
        using json::required;
        using D = ContainerDetails;
        return std::tuple(required("imageId", &D::imageId), required("environment", &D::environment, "NAME=value"),
                          required("workingDirectory", &D::workingDirectory), required("user", &D::user),
                          required("hostname", &D::hostname), required("binds", &D::binds),
                          required("limits", &D::limits), required("capabilities", &D::capabilities, "CAP_… names"),
                          required("removeOnExit", &D::removeOnExit), required("logPath", &D::logPath),
                          required("mergedPath", &D::mergedPath, "where its root file system is mounted, in its own mount namespace"),
                          required("layers", &D::layers, "chain IDs, lowest first"),
                          required("firstHostId", &D::firstHostId, "the uid and gid outside that 0 inside is"),
                          required("stopSignal", &D::stopSignal));
    }
};

} // namespace rocker::protocol
