#pragma once

#include "engine/json/fields.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// `linux.seccomp` of a config.json, key for key (runtime-spec 1.3, config-linux.md "Seccomp").
namespace rocker::spec {

struct SyscallArgument {
    std::uint32_t index = 0; // 0 to 5
    std::uint64_t value = 0;
    std::uint64_t valueTwo = 0;
    std::string op; // "SCMP_CMP_EQ"
    static constexpr auto fields()
    {
        using A = SyscallArgument;
        return std::tuple(json::required("index", &A::index), json::required("value", &A::value),
                          json::defaulted("valueTwo", &A::valueTwo), json::required("op", &A::op));
    }
};

struct SyscallRule {
    std::vector<std::string> names;
    std::string action; // "SCMP_ACT_ALLOW"
    std::optional<std::uint32_t> errnoRet;
    std::vector<SyscallArgument> args;
    static constexpr auto fields()
    {
        using R = SyscallRule;
        return std::tuple(json::required("names", &R::names), json::required("action", &R::action),
                          json::defaulted("errnoRet", &R::errnoRet), json::defaulted("args", &R::args));
    }
};

struct Seccomp {
    std::string defaultAction;
    std::optional<std::uint32_t> defaultErrnoRet;
    std::vector<std::string> architectures; // "SCMP_ARCH_X86_64"; empty: the native one
    std::optional<std::vector<std::string>> flags; // "SECCOMP_FILTER_FLAG_LOG"; absent is not the same as empty
    std::string listenerPath;               // a Unix socket that gets the notify descriptor and the container's state
    std::string listenerMetadata;
    std::vector<SyscallRule> syscalls;
    static constexpr auto fields()
    {
        using json::defaulted;
        using S = Seccomp;
        return std::tuple(json::required("defaultAction", &S::defaultAction), defaulted("defaultErrnoRet", &S::defaultErrnoRet),
                          defaulted("architectures", &S::architectures), defaulted("flags", &S::flags),
                          defaulted("listenerPath", &S::listenerPath), defaulted("listenerMetadata", &S::listenerMetadata),
                          defaulted("syscalls", &S::syscalls));
    }
};

} // namespace rocker::spec
