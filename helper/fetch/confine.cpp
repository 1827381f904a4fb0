#include "helper/fetch/confine.h"

#include "engine/base/unique_fd.h"
#include "engine/os/syscall.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rocker::fetch {

namespace {

// A sanitizer's shadow takes terabytes of addresses: no limit on them can hold.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool shadowed = true;
#else
constexpr bool shadowed = false;
#endif

Result<> limit(int resource, rlim_t value)
{
    const rlimit both{value, value};
    return os::checkDone(::setrlimit(__rlimit_resource(resource), &both));
}

// What resolving names, checking certificates and loading the libraries for both reads.
constexpr const char* readable[] = {
    "/usr",
    "/lib",
    "/lib64",
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
    "/etc/crypto-policies",
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/protocols",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/passwd",
    "/etc/group",
    "/run/systemd/resolve",
    "/run/resolvconf",
    "/run/NetworkManager",
    "/var/lib/ca-certificates",
    "/dev/urandom",
    "/dev/null",
    "/proc/self",
};

// Rights by the version of the interface that brought them; headers may be older than the kernel.
std::uint64_t handledRights(long version)
{
    constexpr std::uint64_t refer = 1 << 13;
    constexpr std::uint64_t truncate = 1 << 14;
    constexpr std::uint64_t ioctlDevice = 1 << 15;
    std::uint64_t rights = (1 << 13) - 1;
    if (version >= 2)
        rights |= refer;
    if (version >= 3)
        rights |= truncate;
    if (version >= 5)
        rights |= ioctlDevice;
    return rights;
}

Result<> restrictFiles()
{
    const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return {};
    const landlock_ruleset_attr attributes{.handled_access_fs = handledRights(version)};
    const UniqueFd rules(
        int(TRY(os::check(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes.handled_access_fs, 0)),
            "restrict files")));
    for (const char* path : readable) {
        const UniqueFd place(::open(path, O_PATH | O_CLOEXEC));
        struct stat status{};
        if (!place.valid() || ::fstat(place.value(), &status) != 0)
            continue; // not on this system
        landlock_path_beneath_attr rule{};
        rule.allowed_access
            = LANDLOCK_ACCESS_FS_READ_FILE | (S_ISDIR(status.st_mode) ? LANDLOCK_ACCESS_FS_READ_DIR : 0);
        rule.parent_fd = place.value();
        TRY(os::checkDone(::syscall(SYS_landlock_add_rule, rules.value(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0)),
            "allow '{}'", path);
    }
    return TRY(os::checkDone(::syscall(SYS_landlock_restrict_self, rules.value(), 0)), "restrict files"), Result<>{};
}

constexpr const char* refusedCalls[] = {
    "execve",
    "execveat",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "pidfd_getfd",
    "kcmp",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "open_tree",
    "move_mount",
    "mount_setattr",
    "unshare",
    "setns",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "keyctl",
    "add_key",
    "request_key",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "open_by_handle_at",
    "name_to_handle_at",
    "personality",
    "acct",
    "swapon",
    "swapoff",
    "reboot",
    "quotactl",
    "listen",
    "fanotify_init",
    "memfd_create",
    "memfd_secret",
    "shmget",
    "shmat",
    "msgget",
    "semget",
    "mq_open",
    "kill",
    "tkill",
    "rt_sigqueueinfo",
    "pidfd_send_signal",
    "pidfd_open",
    "setuid",
    "setresuid",
    "setreuid",
    "setgid",
    "setresgid",
    "setgroups",
    "capset",
    "fork",
    "vfork",
    "modify_ldt",
    "vmsplice",
    "nfsservctl",
    "sethostname",
    "setdomainname",
    "syslog",
};

Result<> restrictCalls()
{
    const std::unique_ptr<void, void (*)(void*)> filter(::seccomp_init(SCMP_ACT_ALLOW), ::seccomp_release);
    if (!filter)
        return fail(ErrorCode::Internal, "no seccomp filter can be made");
    const auto refuse = [&](const char* name, auto... when) -> Result<> {
        const int number = ::seccomp_syscall_resolve_name(name);
        if (number < 0)
            return {}; // not of this architecture
        const int refused = ::seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), number, sizeof...(when), when...);
        return refused == 0 ? Result<>() : fail(Error::fromErrno(-refused).in(std::format("refuse {}", name)));
    };
    for (const char* name : refusedCalls)
        TRY(refuse(name));
    // Threads only: no namespace and no process. clone3 hides its flags in memory; glibc does without it.
    TRY(refuse("clone", SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)));
    const int clone3 = ::seccomp_syscall_resolve_name("clone3");
    if (clone3 >= 0)
        ::seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), clone3, 0);
    if (const int loaded = ::seccomp_load(filter.get()); loaded != 0)
        return fail(Error::fromErrno(-loaded).in("load the seccomp filter"));
    return {};
}

} // namespace

Result<> becomeCaller(const image::FetchCaller& caller, std::size_t open)
{
    ::umask(077);
    TRY(limit(RLIMIT_CORE, 0));
    TRY(limit(RLIMIT_NOFILE, 512 + open));
    if (::geteuid() == 0) {
        const std::vector<gid_t> groups(caller.groups.begin(), caller.groups.end());
        const auto uid = uid_t(caller.uid);
        const auto gid = gid_t(caller.gid);
        TRY(os::checkDone(::setgroups(groups.size(), groups.data())), "set the groups");
        TRY(os::checkDone(::setresgid(gid, gid, gid)), "set the group");
        for (int capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability)
            TRY(os::checkDone(::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)), "drop a capability");
        TRY(os::checkDone(::setresuid(uid, uid, uid)), "set the user");
    } else if (std::int64_t(::geteuid()) != caller.uid) {
        return fail(ErrorCode::PermissionDenied, "only root's helper can act for others");
    }
    const std::unique_ptr<std::remove_pointer_t<cap_t>, int (*)(void*)> none(cap_init(), cap_free);
    TRY(os::checkDone(cap_set_proc(none.get())), "give up capabilities");
    return os::checkDone(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

Result<> closeBehind()
{
    if (!shadowed) // not before: credential helpers are other people's programs, and some reserve much
        TRY(limit(RLIMIT_AS, 1UL << 30));
    TRY(restrictFiles());
    return restrictCalls();
}

} // namespace rocker::fetch
