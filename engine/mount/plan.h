#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/mount/options.h"
#include "engine/spec/spec.h"

#include <cstdint>
#include <string>
#include <vector>

// What is mounted in a container besides its root file system, as data: decided here without looking at the machine,
// done by apply.h's plain loop. The phases of a start, and who runs them:
//
//   parent, before clone   plan()                        pure
//                          Sources::open()               binds and host devices as detached mounts
//                          cloneRoot()                   the root file system as a detached mount
//   (clone: the child inherits all of these descriptors; nothing of this is sent over a socket)
//   parent, maps written   Sources::mapIds()             only when needsContainerIds()
//   child, after the go    attachRoot()                  propagation of the namespace; the root becomes a mount point
//                          Assembler::mountAll()         the steps, in order
//                          device::…, attachConsole()
//                          (hooks that run before the root is changed)
//                          Assembler::protect()          late read-only, masks, read-only paths, read-only root
//                          changeRoot()
namespace rocker::mount {

inline constexpr std::size_t noSource = std::size_t(-1);

struct Step {
    enum class Kind {
        Filesystem, // a new instance of `type`
        Bind,       // the detached mount `sourceIndex` of Sources
        Remount,    // attributes (and, without bind, the file system's options) of what is at the target already
        Symlink,    // a link at the target to `source`, unless something is there
    };
    Kind kind = Kind::Filesystem;
    std::string where;  // JSON path for errors, "mounts[4]"; empty for a standard one
    std::string type;   // file system type; "bind" for a bind
    std::string source; // for errors and mountinfo; of a Bind the host's path, absolute or below the bundle
    std::string target; // absolute, in the container
    std::vector<os::FilesystemOption> options; // of the file system, superblock flags included
    std::uint64_t set = 0;     // MOUNT_ATTR_…
    std::uint64_t cleared = 0; // MOUNT_ATTR_… to be cleared on a bind or remount
    std::uint64_t recursiveSet = 0;
    std::uint64_t recursiveCleared = 0;
    std::vector<unsigned long> propagation;
    std::size_t sourceIndex = noSource; // into Sources
    bool recursive = false;      // a bind with what is mounted below its source
    bool optional = false;       // passed over where the kernel lacks the file system (ENODEV)
    bool plainDirectory = false; // proc and sysfs: no link on the way to the target, which must be a directory
    bool lateReadOnly = false;   // read-only only once its content is made (tmpfs, /dev)
    bool copyUp = false;
    bool modeFromTarget = false; // tmpfs without mode=: the covered directory's mode, when there is one
    bool iversion = false;       // MS_I_VERSION, which only mount(2) takes
    bool byMount2 = false;       // what fsconfig(2) cannot say: that, or a value of more than 255 bytes
    bool targetNoFollow = false;
    std::string fallback; // where the file system may not be mounted: a recursive bind of this path of the host

    // Of a bind, for Sources: how it is opened.
    bool sourceNoFollow = false;
    bool copySymlink = false;
    Options::IdMap idMap = Options::IdMap::No;
    std::vector<spec::IdMapping> uidMappings; // empty with an idMap: the container's own
    std::vector<spec::IdMapping> gidMappings;
    std::string insideRoot; // the source lies in the container's root: opened by the child, after the steps before it
    bool keepLocked = false; // in a user namespace: attributes of the source that nobody named stay
    std::uint64_t named = 0; // the attributes of `cleared` that the options named

    bool operator==(const Step&) const = default;
};

struct Plan {
    std::vector<Step> steps;
    unsigned long rootPropagation = 0; // MS_… of linux.rootfsPropagation; 0 when not given
    bool readOnlyRoot = false;
    std::vector<std::string> maskedPaths;
    std::vector<std::string> readOnlyPaths;
    bool bringsDev = false; // /dev is a bind: no nodes, no links, no console of ours belong there (runc, crun)
};

// What a mount of type "cgroup" shows: the caller's knowledge of the machine and of the container's own groups.
struct CgroupView {
    bool unified = false;      // only cgroup v2 is mounted on the host
    bool ownNamespace = false; // the container gets a new cgroup namespace
    struct Hierarchy {
        std::string name;    // the directory below the target: "cpu,cpuacct", "systemd", "unified"
        std::string options; // for a new mount: "cpu,cpuacct", "name=systemd"; empty for cgroup2
        std::string hostDirectory; // the container's own group on the host, absolute
        std::vector<std::string> aliases; // links beside it: "cpu", "cpuacct"
    };
    std::vector<Hierarchy> hierarchies; // with `unified` exactly one, of which only hostDirectory counts
};

// What the plan must know about the container besides its mounts.
struct Facts {
    std::string rootfs;         // absolute, links resolved; a destination or bind source below it is meant inside
    bool labels = false;        // SELinux is there: mountLabel means something
    bool userNamespace = false; // the container runs in a user namespace of its own (new or joined)
    bool mapsFromOutside = false; // who sets the container up ID-maps for it what it opens inside (Assembler::MapOutside)
    bool coverRoot = false;     // whether a destination may be "/" itself
    bool ownsNetwork = true;    // its network namespace belongs to that user namespace: sysfs can be mounted anew
    CgroupView cgroups;
};

// Errors begin with the JSON path ("mounts[4].options: …").
Result<Plan> plan(const spec::Spec& spec, const Facts& facts);

// proc, sysfs, devpts, mqueue, shm, in the order in which they are mounted: what every container of the helper has.
// Its /dev is device::makeDeviceTree().
std::vector<Step> standardFilesystems();

// Paths of proc and sysfs that a container must not read (covered), or not write (read-only). As docker's.
const std::vector<std::string>& maskedPaths();
const std::vector<std::string>& readOnlyPaths();

// `host:container[:ro|:rw]` as -v takes it; both absolute, neither empty.
struct BindArgument {
    std::string source;
    std::string target;
    bool readOnly = false;
    bool operator==(const BindArgument&) const = default;
};
Result<BindArgument> parseBind(const std::string& argument);
// The part that everybody who takes a bind checks: absolute paths, a target that is not "/".
Result<> validateBind(const std::string& source, const std::string& target);

// A step that attaches `Sources::add()`'s mount: what the helper opens itself (/dev, the binds of -v).
Step givenMount(std::size_t sourceIndex, std::string target);

} // namespace rocker::mount
