#include "engine/seccomp/seccomp.h"
#include "engine/seccomp/tables.h"

namespace rocker::seccomp {

namespace {

constexpr std::string_view top = "linux.seccomp";

// Unknown names, and numbers that an action cannot carry; `errnoKey` is where `errnum` stands.
Result<> checkAction(const std::string& path, std::string_view key, std::string_view action, std::string_view errnoKey,
    std::optional<std::uint32_t> errnum)
{
    if (!actionValue(action, 0))
        return fail(ErrorCode::InvalidArgument, "{}.{}: '{}' is no action of seccomp", path, key, action);
    if (!errnum)
        return {};
    const auto limit = actionDataLimit(action);
    if (!limit)
        return fail(ErrorCode::InvalidArgument, "{}.{}: errno value specified for action {}, which takes none", path,
            errnoKey, action);
    if (*errnum > *limit)
        return fail(ErrorCode::InvalidArgument, "{}.{}: {} is more than the {} that {} can carry", path, errnoKey,
            *errnum, *limit, action);
    return {};
}

Result<> checkArguments(const std::string& path, const std::vector<spec::SyscallArgument>& arguments)
{
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i].index > 5)
            return fail(ErrorCode::InvalidArgument, "{}.args[{}].index: {}, but a system call has the arguments 0 to 5",
                path, i, arguments[i].index);
        if (!operatorValue(arguments[i].op))
            return fail(
                ErrorCode::InvalidArgument, "{}.args[{}].op: '{}' is no operator of seccomp", path, i, arguments[i].op);
    }
    return {};
}

Result<> checkRule(const std::string& path, const spec::SyscallRule& rule)
{
    TRY(checkAction(path, "action", rule.action, "errnoRet", rule.errnoRet));
    if (rule.names.empty())
        return fail(ErrorCode::InvalidArgument, "{}.names: is empty", path);
    for (std::size_t i = 0; i < rule.names.size(); ++i) {
        if (rule.names[i].empty())
            return fail(ErrorCode::InvalidArgument, "{}.names[{}]: is empty", path, i);
        if (rule.names[i].contains('\0'))
            return fail(ErrorCode::InvalidArgument, "{}.names[{}]: contains a NUL", path, i);
        // The process announces its listener by write(2): nobody could answer for that call yet.
        if (rule.action == notifyAction && rule.names[i] == "write")
            return fail(ErrorCode::InvalidArgument,
                "{}.names[{}]: SCMP_ACT_NOTIFY cannot be used for the write syscall", path, i);
    }
    return checkArguments(path, rule.args);
}

Result<> checkListener(const spec::Seccomp& profile, std::optional<std::size_t> notifyingRule)
{
    const std::string& path = profile.listenerPath;
    if (path.empty() && !profile.listenerMetadata.empty())
        return fail(ErrorCode::InvalidArgument, "{}.listenerMetadata: must not be set without listenerPath", top);
    if (!notifyingRule)
        return {};
    if (path.empty())
        return fail(ErrorCode::InvalidArgument, "{}.listenerPath: is not set, but syscalls[{}].action is {}", top,
            *notifyingRule, notifyAction);
    if (!path.starts_with('/') && !path.starts_with('@'))
        return fail(ErrorCode::InvalidArgument, "{}.listenerPath: '{}' is neither an absolute path nor '@' and a name",
            top, path);
    return {};
}

} // namespace

Result<> validate(const spec::Seccomp& profile)
{
    TRY(checkAction(
        std::string(top), "defaultAction", profile.defaultAction, "defaultErrnoRet", profile.defaultErrnoRet));
    if (profile.defaultAction == notifyAction)
        return fail(
            ErrorCode::InvalidArgument, "{}.defaultAction: SCMP_ACT_NOTIFY cannot be used as default action", top);
    for (std::size_t i = 0; i < profile.architectures.size(); ++i)
        if (!architectureToken(profile.architectures[i]))
            return fail(ErrorCode::InvalidArgument,
                "{}.architectures[{}]: '{}' is no architecture that libseccomp knows", top, i,
                profile.architectures[i]);
    if (profile.flags)
        for (std::size_t i = 0; i < profile.flags->size(); ++i)
            if (!flagValue((*profile.flags)[i]))
                return fail(ErrorCode::InvalidArgument, "{}.flags[{}]: seccomp flag '{}' is not known", top, i,
                    (*profile.flags)[i]);
    std::optional<std::size_t> notifyingRule;
    for (std::size_t i = 0; i < profile.syscalls.size(); ++i) {
        TRY(checkRule(std::format("{}.syscalls[{}]", top, i), profile.syscalls[i]));
        if (profile.syscalls[i].action == notifyAction && !notifyingRule)
            notifyingRule = i;
    }
    return checkListener(profile, notifyingRule);
}

} // namespace rocker::seccomp
