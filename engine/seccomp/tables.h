#pragma once

#include <cstdint>
#include <optional>
#include <seccomp.h>
#include <string_view>

// What the names of a profile stand for.
namespace rocker::seccomp {

// The value of seccomp.h for an action, with `errnum` (ERRNO) or the tracer's message (TRACE) where it takes one.
std::optional<std::uint32_t> actionValue(std::string_view name, std::uint32_t errnum);
// The largest number that ERRNO (MAX_ERRNO of the kernel) or TRACE can carry; none for actions that carry no number.
std::optional<std::uint32_t> actionDataLimit(std::string_view name);
std::optional<scmp_compare> operatorValue(std::string_view name);
// The token of an architecture; none for a name that no profile may use or that this libseccomp does not know.
std::optional<std::uint32_t> architectureToken(std::string_view name);
std::optional<unsigned> flagValue(std::string_view name);

inline constexpr std::string_view notifyAction = "SCMP_ACT_NOTIFY";

} // namespace rocker::seccomp
