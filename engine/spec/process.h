#pragma once

#include "engine/json/fields.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// `process` of a config.json, key for key (runtime-spec 1.3, config.md "Process"; config-linux.md for the rest).
namespace rocker::spec {

struct ConsoleSize {
    std::uint32_t height = 0; // rows
    std::uint32_t width = 0;  // columns
    static constexpr auto fields()
    {
        using C = ConsoleSize;
        return std::tuple(json::defaulted("height", &C::height), json::defaulted("width", &C::width));
    }
};

struct User {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::optional<std::uint32_t> umask;
    std::vector<std::uint32_t> additionalGids;
    std::string username; // of other platforms: not looked at
    static constexpr auto fields()
    {
        using json::defaulted;
        using U = User;
        return std::tuple(defaulted("uid", &U::uid), defaulted("gid", &U::gid), defaulted("umask", &U::umask),
                          defaulted("additionalGids", &U::additionalGids), defaulted("username", &U::username));
    }
};

// Names as capabilities(7) has them, "CAP_CHOWN".
struct Capabilities {
    std::vector<std::string> bounding;
    std::vector<std::string> effective;
    std::vector<std::string> inheritable;
    std::vector<std::string> permitted;
    std::vector<std::string> ambient;
    static constexpr auto fields()
    {
        using json::defaulted;
        using C = Capabilities;
        return std::tuple(defaulted("bounding", &C::bounding), defaulted("effective", &C::effective),
                          defaulted("inheritable", &C::inheritable), defaulted("permitted", &C::permitted),
                          defaulted("ambient", &C::ambient));
    }
};

struct Rlimit {
    std::string type; // "RLIMIT_NOFILE"
    std::uint64_t hard = 0;
    std::uint64_t soft = 0;
    static constexpr auto fields()
    {
        using json::required;
        using R = Rlimit;
        return std::tuple(required("type", &R::type), required("hard", &R::hard), required("soft", &R::soft));
    }
};

struct Scheduler {
    std::string policy; // "SCHED_FIFO"
    std::int32_t nice = 0;
    std::int32_t priority = 0;
    std::vector<std::string> flags;
    std::optional<std::uint64_t> runtime; // nanoseconds, of SCHED_DEADLINE
    std::optional<std::uint64_t> deadline;
    std::optional<std::uint64_t> period;
    static constexpr auto fields()
    {
        using json::defaulted;
        using S = Scheduler;
        return std::tuple(json::required("policy", &S::policy), defaulted("nice", &S::nice), defaulted("priority", &S::priority),
                          defaulted("flags", &S::flags), defaulted("runtime", &S::runtime),
                          defaulted("deadline", &S::deadline), defaulted("period", &S::period));
    }
};

struct IoPriority {
    std::string priorityClass; // "IOPRIO_CLASS_IDLE"
    std::int32_t priority = 0;
    static constexpr auto fields()
    {
        using I = IoPriority;
        return std::tuple(json::required("class", &I::priorityClass), json::defaulted("priority", &I::priority));
    }
};

// Processor lists as "0-3,7".
struct ExecCpuAffinity {
    std::string initial;
    std::string final;
    static constexpr auto fields()
    {
        using E = ExecCpuAffinity;
        return std::tuple(json::defaulted("initial", &E::initial), json::defaulted("final", &E::final));
    }
};

struct Process {
    bool terminal = false;
    std::optional<ConsoleSize> consoleSize;
    User user;
    std::vector<std::string> args;
    std::vector<std::string> env; // "NAME=value"
    std::string cwd;
    std::optional<Capabilities> capabilities;
    std::vector<Rlimit> rlimits;
    bool noNewPrivileges = false;
    std::string apparmorProfile;
    std::string selinuxLabel;
    std::optional<std::int32_t> oomScoreAdj;
    std::optional<Scheduler> scheduler;
    std::optional<IoPriority> ioPriority;
    std::optional<ExecCpuAffinity> execCpuAffinity;
    static constexpr auto fields()
    {
        using json::defaulted;
        using P = Process;
        return std::tuple(defaulted("terminal", &P::terminal), defaulted("consoleSize", &P::consoleSize), defaulted("user", &P::user),
                          defaulted("args", &P::args), defaulted("env", &P::env), json::required("cwd", &P::cwd),
                          defaulted("capabilities", &P::capabilities), defaulted("rlimits", &P::rlimits),
                          defaulted("noNewPrivileges", &P::noNewPrivileges), defaulted("apparmorProfile", &P::apparmorProfile),
                          defaulted("selinuxLabel", &P::selinuxLabel), defaulted("oomScoreAdj", &P::oomScoreAdj),
                          defaulted("scheduler", &P::scheduler), defaulted("ioPriority", &P::ioPriority),
                          defaulted("execCPUAffinity", &P::execCpuAffinity));
    }
};

} // namespace rocker::spec
