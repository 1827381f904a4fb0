#include "engine/os/file.h"
#include "engine/os/syscall.h"
#include "engine/seccomp/program.h"
#include "engine/seccomp/rules.h"
#include "engine/seccomp/seccomp.h"
#include "engine/seccomp/tables.h"

#include <algorithm>
#include <cerrno>
#include <linux/seccomp.h>
#include <memory>
#include <sys/mman.h>
#include <unistd.h>

namespace rocker::seccomp {

namespace {

using Context = std::unique_ptr<void, decltype(&seccomp_release)>;

std::unexpected<Error> libraryError(int outcome, const std::string& path)
{
    return fail(Error::fromErrno(-outcome).in(path).as(ErrorCode::InvalidArgument));
}

std::vector<scmp_arg_cmp> conditionsOf(const spec::SyscallRule& rule)
{
    std::vector<scmp_arg_cmp> conditions;
    for (const spec::SyscallArgument& argument : rule.args)
        conditions.push_back({argument.index, *operatorValue(argument.op), argument.value, argument.valueTwo});
    return conditions;
}

bool namesAnArgumentTwice(const std::vector<scmp_arg_cmp>& conditions)
{
    unsigned seen = 0;
    for (const scmp_arg_cmp& condition : conditions) {
        if (seen & 1U << condition.arg)
            return true;
        seen |= 1U << condition.arg;
    }
    return false;
}

std::string architecturePath(std::uint32_t token, const spec::Seccomp& profile)
{
    for (std::size_t i = 0; i < profile.architectures.size(); ++i)
        if (architectureToken(profile.architectures[i]) == token)
            return std::format("linux.seccomp.architectures[{}]: {}", i, profile.architectures[i]);
    return "linux.seccomp.architectures";
}

// All conditions must hold; libseccomp takes one for each argument, so that several on one of them are alternatives,
// each a rule of its own (as runc and crun have it).
int addRule(const Context& context, std::uint32_t action, int number, const std::vector<scmp_arg_cmp>& conditions)
{
    if (!namesAnArgumentTwice(conditions))
        return seccomp_rule_add_array(context.get(), action, number, unsigned(conditions.size()), conditions.data());
    for (const scmp_arg_cmp& condition : conditions)
        if (const int outcome = seccomp_rule_add_array(context.get(), action, number, 1, &condition); outcome < 0)
            return outcome;
    return 0;
}

// By a file in memory: libseccomp before 2.6 writes to descriptors only.
Result<std::vector<sock_filter>> exportProgram(const Context& context)
{
    const UniqueFd file(TRY(os::check(::memfd_create("seccomp", MFD_CLOEXEC))));
    if (const int outcome = seccomp_export_bpf(context.get(), file.value()); outcome < 0)
        return fail(Error::fromErrno(-outcome).in("export the seccomp filter"));
    const std::size_t size = std::size_t(TRY(os::status(file)).st_size);
    std::vector<sock_filter> program(size / sizeof(sock_filter));
    if (TRY(os::check(::pread(file.value(), program.data(), size, 0))) != ssize_t(size)
        || size % sizeof(sock_filter) != 0)
        return fail(ErrorCode::Internal, "export the seccomp filter: {} bytes are no program", size);
    return program;
}

// The rules for one architecture: Reading wants programs for one.
Result<std::vector<sock_filter>> compileFor(std::uint32_t token, const spec::Seccomp& profile, const Rules& rules)
{
    const Context context(seccomp_init(rules.defaultAction), seccomp_release);
    if (!context)
        return fail(ErrorCode::FailedPrecondition, "linux.seccomp.defaultAction: this kernel does not know {}",
            profile.defaultAction);
    if (token != seccomp_arch_native()) {
        // Beside the native one first, which refuses what a machine of this byte order cannot run.
        int outcome = seccomp_arch_add(context.get(), token);
        if (outcome == 0)
            outcome = seccomp_arch_remove(context.get(), SCMP_ARCH_NATIVE);
        if (outcome < 0)
            return libraryError(outcome, architecturePath(token, profile));
    }
    for (const ResolvedName& entry : rules.forLibrary) {
        const spec::SyscallRule& rule = profile.syscalls[entry.rule];
        if (const int outcome = addRule(context, entry.action, entry.number, conditionsOf(rule)); outcome < 0)
            return libraryError(outcome,
                std::format("linux.seccomp.syscalls[{}]: {} for {}", entry.rule, rule.action, rule.names[entry.name]));
    }
    return exportProgram(context);
}

Result<std::vector<sock_filter>> compileRules(const spec::Seccomp& profile, const Rules& rules)
{
    std::vector<std::vector<sock_filter>> programs;
    for (const std::uint32_t token : rules.architectures)
        programs.push_back(TRY(compileFor(token, profile, rules)));
    const bool both = std::ranges::contains(rules.architectures, SCMP_ARCH_X86_64);
    std::vector<Source> sources;
    for (std::size_t i = 0; i < programs.size(); ++i) {
        const std::uint32_t token = rules.architectures[i];
        sources.push_back({auditArchitecture(token), token == SCMP_ARCH_X32 && both ? x32Bit : 0, programs[i]});
    }
    return rewrite(sources, rules.overrides);
}

void setFlags(const spec::Seccomp& profile, Filter& filter)
{
    const bool notifies = std::ranges::contains(profile.syscalls, notifyAction, &spec::SyscallRule::action);
    filter.flagsAreImplied = !profile.flags;
    filter.flags = filter.flagsAreImplied ? SECCOMP_FILTER_FLAG_SPEC_ALLOW : 0;
    if (profile.flags)
        for (const std::string& name : *profile.flags)
            filter.flags |= *flagValue(name);
    filter.flags &= ~unsigned(SECCOMP_FILTER_FLAG_TSYNC);
    if (notifies)
        filter.flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
    else
        filter.flags &= ~unsigned(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
}

} // namespace

Result<Filter> compile(const spec::Seccomp& profile, UnknownSyscalls unknown)
{
    TRY(validate(profile));
    const Rules rules = TRY(resolve(profile, unknown));
    Filter filter{.program = TRY(compileRules(profile, rules))};
    setFlags(profile, filter);
    return filter;
}

} // namespace rocker::seccomp
