#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/cgroup/device_rules.h"
#include "engine/cgroup/layout.h"
#include "engine/cgroup/limits.h"
#include "engine/cgroup/oom_watch.h"
#include "engine/cgroup/settings.h"
#include "engine/cgroup/statistics.h"

#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace rocker::cgroup {

// The way into a cgroup's v1 hierarchies for a process that goes by itself. Held as descriptors, because the kernel
// asks who has opened them: the one that enters may have no rights left.
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

// What to do where permission is missing.
enum class Tolerance {
    None,
    Rootless, // hierarchies that may not be written (EACCES, EPERM, EROFS) are left out, unless a setting needs one
};
// v1 hierarchies that only group processes (name=systemd): joined by a container that is shown them.
enum class Named { Leave, Join };

struct Creation {
    std::string place; // path.h
    spec::Resources resources;
    DeviceRules devices; // all that apply, in order (withDefaults(), containerDevices()); empty: devices stay untouched
    Named named = Named::Leave;
    Tolerance tolerance = Tolerance::None;
};

// A container's cgroup as a cgroup mount shows it inside (config-linux.md, "cgroup" mounts).
struct View {
    std::string name;                 // of the directory below the mount: "cpu,cpuacct", "systemd"; "" for v2 alone
    std::vector<std::string> aliases; // links to it: "cpu", "cpuacct"; none when the name is the only controller's
    std::string options;              // that mount(2) takes for it: "cpu,cpuacct", "none,name=systemd"; "" for v2
    std::string path;                 // the cgroup's directory on the host
    bool unified = false;
};

// The cgroup of one container: the directory <place> in every hierarchy that matters, reached by descriptor from its
// hierarchy's root. All of it or none: create() removes what it made when a step fails.
class Cgroup
{
public:
    // Validates, makes, and applies the settings. One that is there and empty is used; one with processes or a frozen
    // one is refused ("container's cgroup is not empty: …", "container's cgroup unexpectedly frozen").
    static Result<Cgroup> create(const Layout& layout, const Creation& creation);
    // One that exists, for a container found running: nothing is opened or asked before it is needed.
    static Cgroup open(const Layout& layout, const std::string& place, Named named = Named::Leave);
    // The same from what paths() said: no list of mounts is read.
    static Cgroup fromPaths(const std::map<std::string, std::string>& paths);

    // Directories by controller ("memory", "name=systemd", "" for v2), as runc's state.json keeps them.
    std::map<std::string, std::string> paths() const;
    std::vector<View> views() const;
    Version version() const;
    // Asks one hierarchy.
    bool exists() const;

    // Below the container's cgroup, by controller, "" for all others: what `exec --cgroup` names. Checked to stay
    // below.
    using Below = std::map<std::string, std::string>;
    // The v2 directory to be born in (CLONE_INTO_CGROUP), not valid on a pure v1 machine.
    Result<UniqueFd> birthplace(const Below& below = {}) const;
    // Where `init`, a process of this cgroup, is now, for when clone3(2) has said EBUSY (the container gave controllers
    // to groups of its own) or EOPNOTSUPP: an error unless that is this cgroup or one below it. Pure v2 only.
    Result<UniqueFd> birthplaceBeside(pid_t init) const;
    // For the rest of the way, into the v1 hierarchies.
    Result<Entrance> entrance(const Below& below = {}) const;

    // v2: the container may make cgroups below (cgroup-v2.rst, "Delegation"): the directory and the files that
    // /sys/kernel/cgroup/delegate names become theirs.
    Result<> delegateTo(uid_t uid, gid_t gid) const;

    // Changes what `resources` names and leaves the rest; devices change only when given.
    Result<> update(const spec::Resources& resources, const DeviceRules& devices = {}) const;

    Result<> freeze() const;
    Result<> thaw() const;
    Result<bool> isFrozen() const;
    // Of the cgroup and all below it, in one hierarchy; in order.
    Result<std::vector<pid_t>> processes() const;
    // Sends to every process, by pidfd and only to members. SIGKILL reaches frozen ones, too.
    Result<> signalAll(int signal) const;
    Result<Statistics> statistics() const;

    // A file that tells whether the kernel killed for memory: see oomKills(). Not valid without a memory controller.
    UniqueFd oomFile() const;
    Result<OomWatch> watchOom() const;

    // Kills every process, waits until none is left (at most 10 seconds), removes the directories and those that the
    // container made below. Missing is fine.
    Result<> destroy() const;

private:
    // The cgroup in one hierarchy. Opened when it is needed, then kept open.
    struct Part {
        std::string top; // a directory of the hierarchy above the cgroup: its mount point, or its parent
        std::string path;                     // from there: "parent/name"
        std::vector<std::string> controllers; // as in Hierarchy
        std::string name;
        bool unified = false;
        mutable UniqueFd topDirectory = {};
        mutable UniqueFd directory = {};

        std::string fullPath() const { return top + "/" + path; }
        Result<BorrowedFd> openTop() const;
        Result<BorrowedFd> open() const;
        bool has(std::string_view controller) const;
    };
    friend class Creator;
    const Part* part(std::string_view controller) const;
    const Part* unifiedPart() const;
    // The part whose list of processes is asked.
    const Part* mainPart() const;
    struct Freezer {
        BorrowedFd group;
        Version version;
    };
    Result<Freezer> freezer() const;
    // Signals those that are members of the parts, and returns who was meant, to wait for.
    Result<std::vector<UniqueFd>> signalMembers(const std::vector<const Part*>& parts, int signal) const;
    Result<> removeAll() const;

    std::vector<Part> m_parts;
    bool m_pureUnified = false;
};

// The number after "oom_kill " in memory.oom_control (v1) or memory.events (v2); 0 when there is none.
std::int64_t oomKills(std::string_view contents);

} // namespace rocker::cgroup
