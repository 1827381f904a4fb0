#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/spec/seccomp.h"

#include <linux/filter.h>
#include <vector>

// System call filters (seccomp(2), runtime-spec config-linux.md "Seccomp"): checked and compiled where there is room to
// fail, loaded by the process itself right before its command.
//
//     const Filter filter = TRY(compileCached(cache, profile));   // the parent, before anything is made
//     UniqueFd listener = TRY(load(filter));                      // the process, single-threaded, just before
//     execve(2) if (filter.notifies())
//         TRY(offerListener(channel, std::move(listener)));       // listener.h
namespace rocker::seccomp {

struct Filter {
    std::vector<sock_filter> program; // at most BPF_MAXINSNS
    unsigned flags = 0; // SECCOMP_FILTER_FLAG_… of seccomp(2); what a --debug log should show
    bool flagsAreImplied = false; // the profile named none: a kernel that lacks them may do without

    bool notifies() const; // SECCOMP_FILTER_FLAG_NEW_LISTENER is among the flags: load() yields a listener
    bool operator==(const Filter& other) const;
};

// What to do with a system call that libseccomp does not know. Peers pass over it (a profile names calls of newer
// kernels); crun's annotation run.oci.seccomp_fail_unknown_syscall=1 asks for a refusal.
enum class UnknownSyscalls { Skip, Refuse };

// Everything that is wrong in the profile as such: names, ranges, combinations. The error begins with the JSON path,
// "linux.seccomp.syscalls[3].action: …". compile() does it first; alone it is for who must not compile.
Result<> validate(const spec::Seccomp& profile);

// The program of a profile for this machine's architecture and those that the profile adds. Beyond the profile's own
// rules:
// - a call newer than the newest that the profile names fails with ENOSYS, unless the default action lets calls through
//   (ALLOW, LOG, TRACE): C libraries try new calls first and fall back on ENOSYS alone, so EPERM would break them;
// - absent flags mean SPEC_ALLOW, an empty list means none; TSYNC is accepted and left out, for the caller has one
// thread;
//   WAIT_KILLABLE_RECV is left out where no rule notifies, the kernel having it for listeners only.
Result<Filter> compile(const spec::Seccomp& profile, UnknownSyscalls unknown = UnknownSyscalls::Skip);

// The same through a directory of compiled programs (openCache()); an invalid descriptor means without. `text` is the
// JSON text that the profile was read from, when the caller has it: then that is what the program is kept under, and a
// hit touches nothing of `profile`. A cache that cannot be read or written costs time, never the filter.
Result<Filter> compileCached(BorrowedFd cache, const spec::Seccomp& profile, std::string_view text = {},
    UnknownSyscalls unknown = UnknownSyscalls::Skip);

// Applies the filter to the calling thread for good, and across execve(2). Needs no_new_privs or CAP_SYS_ADMIN in the
// user namespace. Returns the listener when filter.notifies() (close-on-exec), else an invalid descriptor. Allocates
// nothing unless it fails, and makes no further system call once the filter holds.
Result<UniqueFd> load(const Filter& filter);

} // namespace rocker::seccomp
