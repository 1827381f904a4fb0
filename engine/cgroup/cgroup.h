#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/cgroup/layout.h"
#include "engine/cgroup/limits.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace rocker::cgroup {

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
    // Moves a process into every v1 hierarchy; v2 membership comes by birth.
    Result<> adopt(pid_t pid) const;
    // Moves a process into all of them, v2 as well.
    Result<> join(pid_t pid) const;

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
