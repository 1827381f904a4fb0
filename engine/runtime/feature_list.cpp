#include "engine/runtime/feature_list.h"

#include "engine/capability/capability.h"
#include "engine/json/text.h"
#include "engine/runtime/version.h"
#include "engine/seccomp/names.h"
#include "engine/spec/spec.h"

#include <linux/capability.h>

namespace rocker::runtime {

namespace {

using Names = std::vector<std::string_view>;
using json::defaulted;
using json::required;

struct Enabled {
    bool enabled = true;
    static constexpr auto fields() { return std::tuple(required("enabled", &Enabled::enabled)); }
};

struct CgroupFeatures {
    bool v1 = true;
    bool v2 = true;
    bool systemd = false; // its paths are understood, but nobody is asked to make a unit
    bool systemdUser = false;
    bool rdma = true;
    static constexpr auto fields()
    {
        using C = CgroupFeatures;
        return std::tuple(required("v1", &C::v1), required("v2", &C::v2), required("systemd", &C::systemd),
                          required("systemdUser", &C::systemdUser), required("rdma", &C::rdma));
    }
};

struct SeccompFeatures {
    bool enabled = true;
    Names actions = seccomp::actions();
    Names operators = seccomp::operators();
    Names archs = seccomp::architectures();
    Names knownFlags = seccomp::flags();
    Names supportedFlags = seccomp::supportedFlags();
    static constexpr auto fields()
    {
        using S = SeccompFeatures;
        return std::tuple(required("enabled", &S::enabled), required("actions", &S::actions), required("operators", &S::operators),
                          required("archs", &S::archs), required("knownFlags", &S::knownFlags),
                          required("supportedFlags", &S::supportedFlags));
    }
};

struct MemoryPolicyFeatures {
    Names modes{"MPOL_BIND",           "MPOL_DEFAULT", "MPOL_INTERLEAVE",         "MPOL_LOCAL", "MPOL_PREFERRED",
                "MPOL_PREFERRED_MANY", "MPOL_WEIGHTED_INTERLEAVE"};
    Names flags{"MPOL_F_NUMA_BALANCING", "MPOL_F_RELATIVE_NODES", "MPOL_F_STATIC_NODES"};
    static constexpr auto fields()
    {
        using M = MemoryPolicyFeatures;
        return std::tuple(required("modes", &M::modes), required("flags", &M::flags));
    }
};

struct MountExtensions {
    Enabled idmap;
    static constexpr auto fields() { return std::tuple(required("idmap", &MountExtensions::idmap)); }
};

std::vector<std::string> capabilityNames()
{
    std::vector<std::string> names;
    for (int number = 0; number <= CAP_LAST_CAP; ++number)
        names.push_back(capability::nameOf(number));
    return names;
}

struct LinuxFeatures {
    Names namespaces{"cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"};
    std::vector<std::string> capabilities = capabilityNames();
    CgroupFeatures cgroup;
    SeccompFeatures seccomp;
    Enabled apparmor;
    Enabled selinux;
    MemoryPolicyFeatures memoryPolicy;
    Enabled intelRdt{false};
    MountExtensions mountExtensions;
    Enabled netDevices;
    static constexpr auto fields()
    {
        using L = LinuxFeatures;
        return std::tuple(required("namespaces", &L::namespaces), required("capabilities", &L::capabilities),
                          required("cgroup", &L::cgroup), required("seccomp", &L::seccomp), required("apparmor", &L::apparmor),
                          required("selinux", &L::selinux), required("memoryPolicy", &L::memoryPolicy),
                          required("intelRdt", &L::intelRdt), required("mountExtensions", &L::mountExtensions),
                          required("netDevices", &L::netDevices));
    }
};

struct Features {
    std::string_view ociVersionMin = "1.0.0";
    std::string_view ociVersionMax = spec::newestVersion;
    Names hooks{"prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"};
    Names mountOptions = knownMountOptions();
    LinuxFeatures platform;
    std::map<std::string, std::string> annotations{
        {"org.rockerworkstation.runtime.version", std::string(programVersion)},
        {"org.rockerworkstation.runtime.checkpoint.enabled", "false"},
        {"io.github.seccomp.libseccomp.version", std::string(seccomp::libraryVersion())}};
    Names potentiallyUnsafeConfigAnnotations{"run.oci.hooks.stderr", "run.oci.hooks.stdout", "run.oci.keep_original_groups",
                                             "run.oci.seccomp_fail_unknown_syscall"};
    static constexpr auto fields()
    {
        using F = Features;
        return std::tuple(required("ociVersionMin", &F::ociVersionMin), required("ociVersionMax", &F::ociVersionMax),
                          required("hooks", &F::hooks), required("mountOptions", &F::mountOptions),
                          required("linux", &F::platform), required("annotations", &F::annotations),
                          required("potentiallyUnsafeConfigAnnotations", &F::potentiallyUnsafeConfigAnnotations));
    }
};

} // namespace

std::vector<std::string_view> knownMountOptions()
{
    return {"async",        "atime",        "bind",         "copy-symlink", "defaults",       "dest-nofollow",  "dev",
            "diratime",     "dirsync",      "exec",         "idmap",        "iversion",       "lazytime",       "loud",
            "mand",         "noatime",      "nodev",        "nodiratime",   "noexec",         "noiversion",     "nolazytime",
            "nomand",       "norelatime",   "nostrictatime", "nosuid",      "nosymfollow",    "private",        "ratime",
            "rbind",        "rdev",         "rdiratime",    "relatime",     "remount",        "rexec",          "ridmap",
            "rnoatime",     "rnodev",       "rnodiratime",  "rnoexec",      "rnorelatime",    "rnostrictatime", "rnosuid",
            "rnosymfollow", "ro",           "rprivate",     "rrelatime",    "rro",            "rrw",            "rshared",
            "rslave",       "rstrictatime", "rsuid",        "rsymfollow",   "runbindable",    "rw",             "shared",
            "silent",       "slave",        "src-nofollow", "strictatime",  "suid",           "symfollow",      "sync",
            "tmpcopyup",    "unbindable"};
}

std::string featuresJson()
{
    return json::text(Features{}, "    ") + "\n";
}

} // namespace rocker::runtime
