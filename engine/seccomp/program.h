#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <linux/filter.h>
#include <span>
#include <vector>

// Programs of classic BPF over struct seccomp_data (seccomp(2), linux/seccomp.h).
namespace rocker::seccomp {

// Calls from..to (both included) of one architecture that get `action` whatever a program says.
struct Override {
    std::uint32_t architecture = 0; // AUDIT_ARCH_…
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint32_t action = 0; // SECCOMP_RET_…
};

// A program of libseccomp's that answers the calls of one architecture from a number on, up to the next source's of the
// same architecture.
struct Source {
    std::uint32_t architecture = 0; // AUDIT_ARCH_…
    std::uint32_t from = 0; // the first one's is 0
    std::span<const sock_filter> program;
};

// The sources with the overrides (later ones win) laid over them as one program: a search tree over the call numbers of
// each architecture. Loading a filter takes the kernel as long as the program is: it checks it, translates it, and runs
// it for every number there is to learn what is always allowed (seccomp_cache_prepare()); libseccomp's chains of
// comparisons are several times longer than the tree.
//
// Programs consist of loads, jumps, AND and returns; calls from architectures that none is for all end the same way,
// and the call's number is only ever compared. Anything else is an Internal error.
Result<std::vector<sock_filter>> rewrite(std::span<const Source> sources, std::span<const Override> overrides);

// Whether the kernel could take it: known instructions, jumps that stay inside, an end that returns.
bool wellFormed(std::span<const sock_filter> program);

} // namespace rocker::seccomp
