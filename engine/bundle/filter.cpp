#include "engine/bundle/filter.h"

#include "engine/seccomp/cache.h"
#include "engine/seccomp/listener.h"

#include <algorithm>
#include <linux/seccomp.h>

namespace rocker::bundle {

namespace {

bool notifies(const spec::Seccomp& profile)
{
    return std::ranges::contains(profile.syscalls, "SCMP_ACT_NOTIFY", &spec::SyscallRule::action);
}

const spec::Seccomp* profileOf(const spec::Spec& spec)
{
    return spec.platform && spec.platform->seccomp ? &*spec.platform->seccomp : nullptr;
}

} // namespace

Result<ProcessFilter> ProcessFilter::prepare(const spec::Spec& spec, std::string_view text, BorrowedFd cache, Agent agent)
{
    const spec::Seccomp* const profile = profileOf(spec);
    if (!profile)
        return ProcessFilter();
    const auto strict = spec.annotations.find("run.oci.seccomp_fail_unknown_syscall");
    const bool refuses = strict != spec.annotations.end() && strict->second != "0";
    // First what is wrong in the profile itself, then whether its agent is there.
    seccomp::Filter compiled = TRY(seccomp::compileCached(cache, *profile, text,
        refuses ? seccomp::UnknownSyscalls::Refuse : seccomp::UnknownSyscalls::Skip));
    ProcessFilter filter = TRY(forListenerOnly(spec));
    if (!filter.m_notifies && agent == Agent::Any && !profile->listenerPath.empty())
        if (auto connected = seccomp::connectListener(profile->listenerPath))
            filter.setAgent(std::move(*connected), spec);
    filter.m_filter = std::move(compiled);
    if (filter.m_notifies)
        filter.m_filter.flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
    return filter;
}

Result<ProcessFilter> ProcessFilter::forListenerOnly(const spec::Spec& spec)
{
    ProcessFilter filter;
    const spec::Seccomp* const profile = profileOf(spec);
    if (profile && notifies(*profile))
        filter.setAgent(TRY(seccomp::connectListener(profile->listenerPath)), spec);
    return filter;
}

void ProcessFilter::setAgent(UniqueFd agent, const spec::Spec& spec)
{
    m_notifies = true;
    m_agent = std::move(agent);
    m_ociVersion = spec.ociVersion;
    m_metadata = spec.platform->seccomp->listenerMetadata;
}

Result<> ProcessFilter::load(container::ChildEnd& channel) const
{
    if (!loads())
        return {};
    if (m_notifies)
        TRY(channel.send(container::Progress::Filtered));
    UniqueFd listener = TRY(seccomp::load(m_filter), "linux.seccomp");
    return m_notifies ? seccomp::offerListener(channel.socket(), std::move(listener)) : Result<>{};
}

Result<> ProcessFilter::loadIntoHook() const
{
    if (!loads())
        return {};
    seccomp::Filter filter = m_filter;
    filter.flags &= ~unsigned(SECCOMP_FILTER_FLAG_NEW_LISTENER);
    TRY(seccomp::load(filter), "linux.seccomp");
    return {};
}

Result<> ProcessFilter::deliver(container::ParentEnd& channel, BorrowedFd process, pid_t pid, std::string_view state)
{
    if (!m_notifies)
        return {};
    TRY(channel.await(container::Progress::Filtered));
    const UniqueFd listener = TRY(seccomp::takeListener(channel.socket(), process), "take the seccomp listener");
    return seccomp::sendListener(std::move(m_agent), listener,
                                 seccomp::containerProcessState(m_ociVersion, pid, m_metadata, state));
}

} // namespace rocker::bundle
