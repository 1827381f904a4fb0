#include "engine/seccomp/rules.h"

#include "engine/seccomp/tables.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <string_view>

namespace rocker::seccomp {

namespace {

using namespace std::string_view_literals;

constexpr std::uint32_t largestNumber = 0x7fffffff; // the kernel takes numbers for signed: above there are no calls

// What socketcall(2) and ipc(2) carry on x86, s390, ppc, mips, m68k and sh: libseccomp filters both ways in.
// clang-format off
constexpr std::array multiplexed{
    "accept"sv, "accept4"sv, "bind"sv, "connect"sv, "getpeername"sv, "getsockname"sv, "getsockopt"sv, "ipc"sv,
    "listen"sv, "msgctl"sv, "msgget"sv, "msgrcv"sv, "msgsnd"sv, "recv"sv, "recvfrom"sv, "recvmmsg"sv,
    "recvmmsg_time64"sv, "recvmsg"sv, "semctl"sv, "semget"sv, "semop"sv, "semtimedop"sv, "semtimedop_time64"sv,
    "send"sv, "sendmmsg"sv, "sendmsg"sv, "sendto"sv, "setsockopt"sv, "shmat"sv, "shmctl"sv, "shmdt"sv, "shmget"sv,
    "shutdown"sv, "socket"sv, "socketcall"sv, "socketpair"sv,
};
// clang-format on

// How the rules of one call stand to each other.
struct Use {
    std::uint32_t action = 0;
    bool simple = true;
};

struct Entry {
    ResolvedName resolved;
    const char* name = nullptr;
};

std::optional<std::uint32_t> numberOn(std::uint32_t token, const char* name)
{
    const int number = seccomp_syscall_resolve_name_arch(token, name);
    return number >= 0 ? std::optional(std::uint32_t(number)) : std::nullopt;
}

std::map<std::string_view, Use> usesOf(const std::vector<Entry>& entries, const spec::Seccomp& profile)
{
    std::map<std::string_view, Use> uses;
    for (const Entry& entry : entries) {
        const auto [at, isNew] = uses.try_emplace(entry.name, Use{entry.resolved.action});
        Use& use = at->second;
        if (isNew)
            use.simple = !std::ranges::contains(multiplexed, at->first);
        use.simple
            = use.simple && use.action == entry.resolved.action && profile.syscalls[entry.resolved.rule].args.empty();
    }
    return uses;
}

// The overrides for all simple calls; false when two names share a number on some architecture, whose order of rules
// then is libseccomp's to judge.
bool divide(const std::map<std::string_view, Use>& uses, const std::vector<std::uint32_t>& tokens,
    std::vector<Override>& overrides)
{
    for (const std::uint32_t token : tokens) {
        std::map<std::uint32_t, const Use*> taken;
        for (const auto& [name, use] : uses) {
            const auto number = numberOn(token, name.data()); // NUL-terminated: views of the profile's strings
            if (!number)
                continue;
            const auto [other, isNew] = taken.try_emplace(*number, &use);
            if (!isNew && !(use.simple && other->second->simple && use.action == other->second->action))
                return false;
            if (use.simple && isNew)
                overrides.push_back({auditArchitecture(token), *number, *number, use.action});
        }
    }
    return true;
}

// ENOSYS for what is newer than the profile.
void addNewerCalls(
    const spec::Seccomp& profile, const std::vector<std::uint32_t>& tokens, std::vector<Override>& overrides)
{
    constexpr std::uint32_t noSuchCall = SCMP_ACT_ERRNO(unsigned(ENOSYS));
    for (const std::uint32_t token : tokens) {
        std::uint32_t newest = 0;
        for (const spec::SyscallRule& rule : profile.syscalls)
            for (const std::string& name : rule.names)
                newest = std::max(newest, numberOn(token, name.c_str()).value_or(0));
        if (newest == 0)
            continue;
        const std::uint32_t audit = auditArchitecture(token);
        overrides.push_back({audit, newest + 1, token == SCMP_ARCH_X86_64 ? x32Bit - 1 : largestNumber, noSuchCall});
        // Calls that the kernel does not know arrive as number 0, setup(2), by way of a register there.
        if (token == SCMP_ARCH_S390 || token == SCMP_ARCH_S390X)
            overrides.push_back({audit, 0, 0, noSuchCall});
    }
}

bool letsThrough(std::uint32_t action)
{
    return action == SCMP_ACT_ALLOW || action == SCMP_ACT_LOG || (action & 0xffff0000U) == SCMP_ACT_TRACE(0U);
}

} // namespace

std::uint32_t auditArchitecture(std::uint32_t token)
{
    return token == SCMP_ARCH_X32 ? std::uint32_t(SCMP_ARCH_X86_64) : token;
}

Result<Rules> resolve(const spec::Seccomp& profile, UnknownSyscalls unknown)
{
    Rules rules{.defaultAction = *actionValue(profile.defaultAction, profile.defaultErrnoRet.value_or(EPERM)),
        .architectures = {seccomp_arch_native()}};
    for (const std::string& name : profile.architectures)
        if (const std::uint32_t token = *architectureToken(name); !std::ranges::contains(rules.architectures, token))
            rules.architectures.push_back(token);

    std::vector<Entry> entries;
    for (std::size_t i = 0; i < profile.syscalls.size(); ++i) {
        const spec::SyscallRule& rule = profile.syscalls[i];
        const std::uint32_t action = *actionValue(rule.action, rule.errnoRet.value_or(EPERM));
        for (std::size_t k = 0; k < rule.names.size(); ++k) {
            const int number = seccomp_syscall_resolve_name(rule.names[k].c_str());
            if (number == __NR_SCMP_ERROR && unknown == UnknownSyscalls::Refuse)
                return fail(ErrorCode::InvalidArgument,
                    "linux.seccomp.syscalls[{}].names[{}]: '{}' is no system call that "
                    "libseccomp knows",
                    i, k, rule.names[k]);
            // A rule that asks for the default is no rule, not even one against an earlier one (as runc and crun have
            // it).
            if (number != __NR_SCMP_ERROR && action != rules.defaultAction)
                entries.push_back({{i, k, action, number}, rule.names[k].c_str()});
        }
    }
    std::map<std::string_view, Use> uses = usesOf(entries, profile);
    if (!divide(uses, rules.architectures, rules.overrides)) {
        rules.overrides.clear();
        for (auto& [name, use] : uses)
            use.simple = false;
    }
    for (const Entry& entry : entries)
        if (!uses.at(entry.name).simple)
            rules.forLibrary.push_back(entry.resolved);
    if (!letsThrough(rules.defaultAction))
        addNewerCalls(profile, rules.architectures, rules.overrides);
    return rules;
}

} // namespace rocker::seccomp
