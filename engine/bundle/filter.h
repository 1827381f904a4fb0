#pragma once

#include "engine/base/unique_fd.h"
#include "engine/container/channel.h"
#include "engine/container/process_spec.h"
#include "engine/seccomp/seccomp.h"
#include "engine/spec/spec.h"

#include <functional>
#include <string_view>

namespace rocker::bundle {

// The system call filter of a process and the agent that answers for its notifications, on both sides of the channel.
class ProcessFilter
{
public:
    // Compiles, or finds in the cache, the profile of the configuration, and connects to its agent: everything that can
    // fail before anything is made. Without a profile it does nothing. An agent that no rule has anything to say to
    // need not be there; with Agent::Any it gets its listener if it is, as crun does.
    enum class Agent { OfRules, Any };
    static Result<ProcessFilter> prepare(const spec::Spec& spec, std::string_view text, BorrowedFd cache,
                                         Agent agent = Agent::OfRules);
    // For `start` in another process: the program is with the container already, only the agent is to be reached.
    static Result<ProcessFilter> forListenerOnly(const spec::Spec& spec);

    // In the process: what ProcessSpec::loadSeccomp is to do. `channel` is where the parent listens by then.
    Result<> load(container::ChildEnd& channel) const;
    // In a startContainer hook, which acts inside the container and is held to what its command is held to. The agent is
    // the command's only: a call that it would be asked about fails with ENOSYS.
    Result<> loadIntoHook() const;
    bool loads() const { return !m_filter.program.empty(); }

    // In the parent, after the go-ahead: takes the listener and hands it to the agent with the container's state.
    Result<> deliver(container::ParentEnd& channel, BorrowedFd process, pid_t pid, std::string_view state);

    // That the agent is told, if not the configuration's.
    void setVersion(std::string version) { m_ociVersion = std::move(version); }

    const seccomp::Filter& filter() const { return m_filter; }

private:
    void setAgent(UniqueFd agent, const spec::Spec& spec);
    seccomp::Filter m_filter;
    bool m_notifies = false;
    UniqueFd m_agent;
    std::string m_ociVersion;
    std::string m_metadata;
};

} // namespace rocker::bundle
