#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/cgroup/layout.h"
#include "engine/cgroup/limits.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace rocker::cgroup {

// The way into a cgroup's v1 hierarchies for a process that goes by itself. Held as descriptors, because the kernel asks
// who has opened them: the one that enters may have no rights left.
class Entrance
{
public:
    // Moves the calling process, which must have one thread only. Writing its own "0" to "tasks" is what does not wait
    // for every other fork and exit of the machine, as moving another process does: microseconds instead of
    // milliseconds (kernel/cgroup/cgroup.c, cgroup_procs_write_start()). The descriptors are closed then.
    Result<> enter();

private:
    friend class Cgroup;
    std::vector<UniqueFd> m_tasks;
};

// The cgroup of one container: the directory `<parent>/<name>` in every hierarchy that matters, reached by descriptor
// from its hierarchy's root. All of it or none: create() removes what it made when a step fails.
class Cgroup
{
public:
    static Result<Cgroup> create(const Layout& layout, const std::string& parent, const std::string& name,
                                 const Limits& limits);
    // The one that exists, for a container found running.
    static Cgroup open(const Layout& layout, const std::string& parent, const std::string& name);

    // The v2 directory to be born in (CLONE_INTO_CGROUP), not valid on a pure v1 machine.
    Result<UniqueFd> birthplace() const;
    // For the rest of the way, into the v1 hierarchies.
    Result<Entrance> entrance() const;

    Result<> freeze() const;
    Result<> thaw() const;
    Result<std::vector<pid_t>> processes() const;

    // A file that tells whether the kernel killed for memory: see oomKills(). Not valid without a memory controller.
    UniqueFd oomFile() const;

    // Kills every process, waits until none is left (at most 10 seconds), removes the directories. Missing is fine.
    Result<> destroy() const;

private:
    struct Part {
        Hierarchy hierarchy;
        std::string path; // relative to the hierarchy's root: "parent/name"
        Result<UniqueFd> open() const;
    };
    const Part* part(std::string_view controller) const;
    const Part* unifiedPart() const;
    Result<> createPart(const Part& part, const Limits& limits) const;
    Result<> killAll() const;
    Result<> removeAll() const;

    std::vector<Part> m_parts;
    bool m_pureUnified = false;
};

// The number after "oom_kill " in memory.oom_control (v1) or memory.events (v2); 0 when there is none.
std::int64_t oomKills(std::string_view contents);

} // namespace rocker::cgroup
