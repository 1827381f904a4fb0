#include "helper/unpack/seclude.h"

#include "engine/base/unique_fd.h"
#include "engine/image/digest.h"
#include "engine/image/worker_messages.h"
#include "engine/os/syscall.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <memory>
#include <seccomp.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rocker::unpack {

namespace {

constexpr uid_t nobody = 65534;

// A sanitizer's shadow takes terabytes of addresses, and asks the kernel for more than we do.
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

// Root's window: what it can read its worker need not. A directory is read with the rights of who opened it.
Result<> becomeNobody()
{
    TRY(os::checkDone(::setgroups(0, nullptr)), "set the groups");
    TRY(os::checkDone(::setresgid(nobody, nobody, nobody)), "set the group");
    return TRY(os::checkDone(::setresuid(nobody, nobody, nobody)), "set the user"), Result<>{};
}

// Rights by the version of the interface that brought them; headers may be older than the kernel.
std::uint64_t fileRights(long version)
{
    std::uint64_t rights = (1 << 13) - 1;
    for (const long brought : {2, 3, 5}) // refer, truncate, ioctl of devices
        if (version >= brought)
            rights |= rights + 1;
    return rights;
}

Result<> restrictFiles(Opening opening)
{
    const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return {};
    struct {
        std::uint64_t files;
        std::uint64_t network;
    } const handled{fileRights(version), version >= 4 ? 3U : 0U}; // bind and connect
    const std::size_t size = version >= 4 ? sizeof handled : sizeof handled.files;
    const UniqueFd rules(
        int(TRY(os::check(::syscall(SYS_landlock_create_ruleset, &handled, size, 0)), "restrict files")));
    if (opening == Opening::Directory) {
        landlock_path_beneath_attr rule{};
        rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
        rule.parent_fd = image::InputFd;
        TRY(os::checkDone(::syscall(SYS_landlock_add_rule, rules.value(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0)),
            "allow the directory");
    }
    return TRY(os::checkDone(::syscall(SYS_landlock_restrict_self, rules.value(), 0)), "restrict files"), Result<>{};
}

constexpr const char* allowedCalls[] = {
    "read", "pread64", "readv", "write", "pwrite64", "writev", "lseek", "fstat", "close", "ftruncate",
    "mmap", "munmap", "mremap", "madvise", "brk",
    "futex", "rt_sigreturn", "rt_sigprocmask", "sched_yield", "restart_syscall",
    "getrandom", "clock_gettime", "clock_nanosleep", "gettimeofday",
    "getpid", "gettid", "getppid", "exit", "exit_group",
};

Result<> restrictCalls(Opening opening)
{
    const std::unique_ptr<void, void (*)(void*)> filter(::seccomp_init(SCMP_ACT_ERRNO(EPERM)), ::seccomp_release);
    if (!filter)
        return fail(ErrorCode::Internal, "no seccomp filter can be made");
    const auto allow = [&](const char* name, auto... when) -> Result<> {
        const int number = ::seccomp_syscall_resolve_name(name);
        if (number < 0)
            return {}; // not of this architecture
        const int added = ::seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, number, sizeof...(when), when...);
        return added == 0 ? Result<>() : fail(Error::fromErrno(-added).in(std::format("allow {}", name)));
    };
    for (const char* name : allowedCalls)
        TRY(allow(name));
    TRY(allow("mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, 4, 0))); // nothing becomes executable
    TRY(allow("prctl", SCMP_A0(SCMP_CMP_EQ, PR_SET_PDEATHSIG)));
    TRY(allow("tgkill", SCMP_A0(SCMP_CMP_EQ, std::uint64_t(::getpid())))); // abort(3)
    if (opening == Opening::Directory)
        for (const char* name : {"openat2", "openat", "newfstatat", "getdents64", "fcntl"})
            TRY(allow(name));
    if (const int loaded = ::seccomp_load(filter.get()); loaded != 0)
        return fail(Error::fromErrno(-loaded).in("load the seccomp filter"));
    return {};
}

} // namespace

Result<> secludeReader(Opening opening)
{
    (void)image::digestOf(""); // what the library opens for its first digest it opens now
    TRY(limit(RLIMIT_CORE, 0));
    if (::geteuid() == 0 && opening == Opening::Nothing)
        TRY(becomeNobody());
    const std::unique_ptr<std::remove_pointer_t<cap_t>, int (*)(void*)> none(cap_init(), cap_free);
    TRY(os::checkDone(cap_set_proc(none.get())), "give up capabilities");
    TRY(os::checkDone(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)));
    TRY(restrictFiles(opening));
    if (shadowed)
        return {};
    TRY(limit(RLIMIT_AS, 2UL << 30));
    return restrictCalls(opening);
}

} // namespace rocker::unpack
