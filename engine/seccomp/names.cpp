#include "engine/seccomp/names.h"

#include "engine/seccomp/tables.h"

#include <array>
#include <cerrno>
#include <format>
#include <linux/seccomp.h>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace rocker::seccomp {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view errnoAction = "SCMP_ACT_ERRNO";
constexpr std::string_view traceAction = "SCMP_ACT_TRACE";

// KILL is KILL_THREAD's old name (seccomp.h).
constexpr std::array actionTable{
    std::pair{"SCMP_ACT_ALLOW"sv, SCMP_ACT_ALLOW},
    std::pair{errnoAction, SCMP_ACT_ERRNO(0U)},
    std::pair{"SCMP_ACT_KILL"sv, SCMP_ACT_KILL_THREAD},
    std::pair{"SCMP_ACT_KILL_PROCESS"sv, SCMP_ACT_KILL_PROCESS},
    std::pair{"SCMP_ACT_KILL_THREAD"sv, SCMP_ACT_KILL_THREAD},
    std::pair{"SCMP_ACT_LOG"sv, SCMP_ACT_LOG},
    std::pair{notifyAction, SCMP_ACT_NOTIFY},
    std::pair{traceAction, SCMP_ACT_TRACE(0U)},
    std::pair{"SCMP_ACT_TRAP"sv, SCMP_ACT_TRAP},
};

constexpr std::array operatorTable{
    std::pair{"SCMP_CMP_EQ"sv, SCMP_CMP_EQ},
    std::pair{"SCMP_CMP_GE"sv, SCMP_CMP_GE},
    std::pair{"SCMP_CMP_GT"sv, SCMP_CMP_GT},
    std::pair{"SCMP_CMP_LE"sv, SCMP_CMP_LE},
    std::pair{"SCMP_CMP_LT"sv, SCMP_CMP_LT},
    std::pair{"SCMP_CMP_MASKED_EQ"sv, SCMP_CMP_MASKED_EQ},
    std::pair{"SCMP_CMP_NE"sv, SCMP_CMP_NE},
};

// Which of them exist is libseccomp's to say; its own names are these in small letters without the prefix.
constexpr std::string_view architecturePrefix = "SCMP_ARCH_";
// clang-format off
constexpr std::array architectureTable{
    "SCMP_ARCH_AARCH64"sv, "SCMP_ARCH_ARM"sv, "SCMP_ARCH_LOONGARCH64"sv, "SCMP_ARCH_M68K"sv, "SCMP_ARCH_MIPS"sv,
    "SCMP_ARCH_MIPS64"sv, "SCMP_ARCH_MIPS64N32"sv, "SCMP_ARCH_MIPSEL"sv, "SCMP_ARCH_MIPSEL64"sv,
    "SCMP_ARCH_MIPSEL64N32"sv, "SCMP_ARCH_PARISC"sv, "SCMP_ARCH_PARISC64"sv, "SCMP_ARCH_PPC"sv, "SCMP_ARCH_PPC64"sv,
    "SCMP_ARCH_PPC64LE"sv, "SCMP_ARCH_RISCV64"sv, "SCMP_ARCH_S390"sv, "SCMP_ARCH_S390X"sv, "SCMP_ARCH_SH"sv,
    "SCMP_ARCH_SHEB"sv, "SCMP_ARCH_X32"sv, "SCMP_ARCH_X86"sv, "SCMP_ARCH_X86_64"sv,
};
// clang-format on

constexpr std::array flagTable{
    std::pair{"SECCOMP_FILTER_FLAG_LOG"sv, unsigned(SECCOMP_FILTER_FLAG_LOG)},
    std::pair{"SECCOMP_FILTER_FLAG_SPEC_ALLOW"sv, unsigned(SECCOMP_FILTER_FLAG_SPEC_ALLOW)},
    std::pair{"SECCOMP_FILTER_FLAG_TSYNC"sv, unsigned(SECCOMP_FILTER_FLAG_TSYNC)},
    std::pair{"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"sv, unsigned(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)},
};

template<typename Table>
auto find(const Table& table, std::string_view name) -> std::optional<typename Table::value_type::second_type>
{
    for (const auto& [candidate, value] : table)
        if (candidate == name)
            return value;
    return std::nullopt;
}

template<typename Table>
std::vector<std::string_view> namesOf(const Table& table)
{
    std::vector<std::string_view> names;
    for (const auto& [name, value] : table)
        names.push_back(name);
    return names;
}

// The kernel looks at the flags before it looks for a program: EFAULT means that it knows them (seccomp(2)).
bool kernelTakes(unsigned flags)
{
    return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, nullptr) < 0 && errno == EFAULT;
}

} // namespace

std::optional<std::uint32_t> actionDataLimit(std::string_view name)
{
    if (name == errnoAction)
        return 4095;
    if (name == traceAction)
        return SECCOMP_RET_DATA;
    return std::nullopt;
}

std::optional<std::uint32_t> actionValue(std::string_view name, std::uint32_t errnum)
{
    const auto value = find(actionTable, name);
    return value && actionDataLimit(name) ? *value | (errnum & SECCOMP_RET_DATA) : value;
}

std::optional<scmp_compare> operatorValue(std::string_view name)
{
    return find(operatorTable, name);
}

std::optional<std::uint32_t> architectureToken(std::string_view name)
{
    for (const std::string_view known : architectureTable) {
        if (known != name)
            continue;
        std::string lower(name.substr(architecturePrefix.size()));
        for (char& c : lower)
            c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
        if (const std::uint32_t token = seccomp_arch_resolve_name(lower.c_str()))
            return token;
    }
    return std::nullopt;
}

std::optional<unsigned> flagValue(std::string_view name)
{
    return find(flagTable, name);
}

std::vector<std::string_view> actions()
{
    return namesOf(actionTable);
}

std::vector<std::string_view> operators()
{
    return namesOf(operatorTable);
}

std::vector<std::string_view> architectures()
{
    std::vector<std::string_view> names;
    for (const std::string_view name : architectureTable)
        if (architectureToken(name))
            names.push_back(name);
    return names;
}

std::vector<std::string_view> flags()
{
    return namesOf(flagTable);
}

std::vector<std::string_view> supportedFlags()
{
    std::vector<std::string_view> names;
    for (const auto& [name, value] : flagTable) {
        const bool forListeners = value == SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
        if (kernelTakes(forListeners ? value | SECCOMP_FILTER_FLAG_NEW_LISTENER : value))
            names.push_back(name);
    }
    return names;
}

std::string libraryVersion()
{
    const scmp_version* version = seccomp_version();
    return std::format("{}.{}.{}", version->major, version->minor, version->micro);
}

} // namespace rocker::seccomp
