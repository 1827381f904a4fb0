#include "engine/spec/checks.h"

#include <array>

namespace rocker::spec {

// The names of config-linux.md; what this kernel and libseccomp make of them is engine/seccomp's.
static constexpr std::array<std::string_view, 9> actions{
    "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP",  "SCMP_ACT_ERRNO",
    "SCMP_ACT_TRACE", "SCMP_ACT_ALLOW",       "SCMP_ACT_LOG",         "SCMP_ACT_NOTIFY"};
static constexpr std::array<std::string_view, 7> operators{"SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ",
                                                           "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ"};

static bool takesErrno(std::string_view action)
{
    return action == "SCMP_ACT_ERRNO" || action == "SCMP_ACT_TRACE";
}

static Result<> validateRule(const std::string& path, const SyscallRule& rule)
{
    if (rule.names.empty())
        return wrong(path + ".names", "must not be empty");
    if (!isOneOf(rule.action, actions))
        return wrong(path + ".action", "'{}' is not a seccomp action", rule.action);
    if (rule.errnoRet && !takesErrno(rule.action))
        return wrong(path + ".errnoRet", "{} returns no errno", rule.action);
    for (std::size_t i = 0; i < rule.args.size(); ++i) {
        const std::string here = std::format("{}.args[{}]", path, i);
        if (rule.args[i].index > 5)
            return wrong(here + ".index", "{} is not from 0 to 5", rule.args[i].index);
        if (!isOneOf(rule.args[i].op, operators))
            return wrong(here + ".op", "'{}' is not a seccomp operator", rule.args[i].op);
    }
    return {};
}

Result<> validateSeccomp(std::string_view at, const Seccomp& seccomp)
{
    const std::string path(at);
    if (!isOneOf(seccomp.defaultAction, actions))
        return wrong(path + ".defaultAction", "'{}' is not a seccomp action", seccomp.defaultAction);
    if (seccomp.defaultAction == "SCMP_ACT_NOTIFY")
        return wrong(path + ".defaultAction", "SCMP_ACT_NOTIFY cannot be used as default action");
    if (seccomp.defaultErrnoRet && !takesErrno(seccomp.defaultAction))
        return wrong(path + ".defaultErrnoRet", "{} returns no errno", seccomp.defaultAction);
    for (std::size_t i = 0; i < seccomp.architectures.size(); ++i)
        if (!seccomp.architectures[i].starts_with("SCMP_ARCH_"))
            return wrong(std::format("{}.architectures[{}]", path, i), "'{}' is not an architecture", seccomp.architectures[i]);
    for (std::size_t i = 0; seccomp.flags && i < seccomp.flags->size(); ++i)
        if (!(*seccomp.flags)[i].starts_with("SECCOMP_FILTER_FLAG_"))
            return wrong(std::format("{}.flags[{}]", path, i), "'{}' is not a seccomp flag", (*seccomp.flags)[i]);
    bool notifies = false;
    for (std::size_t i = 0; i < seccomp.syscalls.size(); ++i) {
        TRY(validateRule(std::format("{}.syscalls[{}]", path, i), seccomp.syscalls[i]));
        notifies = notifies || seccomp.syscalls[i].action == "SCMP_ACT_NOTIFY";
    }
    if (notifies && seccomp.listenerPath.empty())
        return wrong(path + ".listenerPath", "is missing: SCMP_ACT_NOTIFY asks somebody");
    if (!seccomp.listenerMetadata.empty() && seccomp.listenerPath.empty())
        return wrong(path + ".listenerMetadata", "must not be set without listenerPath");
    return {};
}

} // namespace rocker::spec
