#pragma once

#include "engine/seccomp/program.h"
#include "engine/seccomp/seccomp.h"

#include <vector>

namespace rocker::seccomp {

// profile.syscalls[rule].names[name], as libseccomp wants it.
struct ResolvedName {
    std::size_t rule = 0;
    std::size_t name = 0;
    std::uint32_t action = 0; // of seccomp.h
    int number = 0; // the native one, or libseccomp's stand-in for a call that only others have
};

// A profile's rules, numbered. Most calls have one action whatever their arguments: these go straight into the table of
// overrides, since libseccomp takes some 30 microseconds for each rule and architecture. What it must think about goes
// to it: arguments, several rules for one call, and calls that some architectures multiplex (socketcall(2), ipc(2)).
struct Rules {
    std::uint32_t defaultAction = 0;
    std::vector<std::uint32_t> architectures; // libseccomp's tokens, the native one first
    std::vector<ResolvedName> forLibrary; // in the profile's order
    std::vector<Override> overrides; // the ENOSYS of calls newer than the profile included
};

// `profile` is valid.
Result<Rules> resolve(const spec::Seccomp& profile, UnknownSyscalls unknown);

// Calls in the way of x32 carry this bit.
inline constexpr std::uint32_t x32Bit = 0x40000000;
// AUDIT_ARCH_… of a token: x32 is a way of calling x86_64 (seccomp(2)).
std::uint32_t auditArchitecture(std::uint32_t token);

} // namespace rocker::seccomp
