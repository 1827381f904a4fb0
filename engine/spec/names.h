#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

// The kernel's numbers for names that a config.json uses; absent for a name that is none. One table for who validates a
// document and for who applies it.
namespace rocker::spec {

std::optional<int> rlimitNumber(std::string_view name);              // "RLIMIT_NOFILE", getrlimit(2)
std::optional<std::uint32_t> schedulerPolicy(std::string_view name); // "SCHED_FIFO", sched_setattr(2)
std::optional<std::uint64_t> schedulerFlag(std::string_view name);   // "SCHED_FLAG_RESET_ON_FORK"
std::optional<int> ioPriorityClass(std::string_view name);           // "IOPRIO_CLASS_BE", ioprio_set(2)
std::optional<int> memoryPolicyMode(std::string_view name);          // "MPOL_BIND", set_mempolicy(2)
std::optional<int> memoryPolicyFlag(std::string_view name);          // "MPOL_F_STATIC_NODES"
std::optional<unsigned long> personalityDomain(std::string_view name); // "LINUX32", personality(2)

// "0-3,7" as a bit mask, 64 numbers a word, lowest first; absent when it is no list of numbers below 8192, each range
// rising. Empty text is the empty mask (no words).
std::optional<std::vector<std::uint64_t>> numberList(std::string_view text);

} // namespace rocker::spec
