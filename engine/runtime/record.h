#pragma once

#include "engine/json/fields.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>

// What is kept of a container in its state directory, and what is shown of it.
namespace rocker::runtime {

// state.json: enough to find a container again without its configuration.
struct Record {
    std::string ociVersion;
    std::string id;
    pid_t pid = 0;               // of its first process; 0 while there is none yet
    std::uint64_t startTime = 0; // of that process, in clock ticks since boot: a later process of the same number is another
    std::string bundle;
    std::string rootfs;
    std::string created; // RFC 3339
    bool creating = false; // it is not finished
    std::string cgroupPlace; // cgroup/path.h; empty: its creator's
    std::map<std::string, std::string> cgroupPaths;    // directories by controller, "" for v2
    std::map<std::string, std::string> namespacePaths; // by type
    std::map<std::string, std::string> annotations;
    bool sharesPids = false; // it has no pid namespace of its own, which would end with its first process
    bool isSettled = false; // no hook and no agent is left for start or delete: its configuration is not read again
    static constexpr auto fields()
    {
        using json::defaulted;
        using R = Record;
        return std::tuple(json::required("ociVersion", &R::ociVersion), json::required("id", &R::id), json::required("pid", &R::pid),
                          json::required("startTime", &R::startTime), json::required("bundle", &R::bundle),
                          json::required("rootfs", &R::rootfs), json::required("created", &R::created),
                          defaulted("creating", &R::creating), defaulted("cgroupPlace", &R::cgroupPlace), defaulted("cgroupPaths", &R::cgroupPaths),
                          defaulted("namespacePaths", &R::namespacePaths), defaulted("annotations", &R::annotations),
                          defaulted("sharesPids", &R::sharesPids), defaulted("isSettled", &R::isSettled));
    }
};

enum class Status { Creating, Created, Running, Paused, Stopped };

constexpr auto enumNames(Status)
{
    using namespace std::literals;
    return std::array{std::pair{Status::Creating, "creating"sv}, std::pair{Status::Created, "created"sv},
                      std::pair{Status::Running, "running"sv}, std::pair{Status::Paused, "paused"sv},
                      std::pair{Status::Stopped, "stopped"sv}};
}

// The state of runtime.md ("State"), with what runc's `state` and `list` show besides.
struct Shown {
    std::string ociVersion;
    std::string id;
    pid_t pid = 0; // 0 when stopped
    Status status = Status::Stopped;
    std::string bundle;
    std::string rootfs;
    std::string created;
    std::map<std::string, std::string> annotations;
    std::string owner; // of the state directory
    static constexpr auto fields()
    {
        using json::required;
        using S = Shown;
        return std::tuple(required("ociVersion", &S::ociVersion), required("id", &S::id), required("pid", &S::pid),
                          required("status", &S::status), required("bundle", &S::bundle), required("rootfs", &S::rootfs),
                          required("created", &S::created), json::defaulted("annotations", &S::annotations),
                          required("owner", &S::owner));
    }
};

// The state as hooks and seccomp agents get it.
struct HookState {
    std::string ociVersion;
    std::string id;
    std::string status;
    std::optional<pid_t> pid;
    std::string bundle;
    std::map<std::string, std::string> annotations;
    static constexpr auto fields()
    {
        using json::defaulted;
        using json::required;
        using H = HookState;
        return std::tuple(required("ociVersion", &H::ociVersion), required("id", &H::id), required("status", &H::status),
                          defaulted("pid", &H::pid), required("bundle", &H::bundle), defaulted("annotations", &H::annotations));
    }
};

} // namespace rocker::runtime
