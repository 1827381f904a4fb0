#pragma once

#include <string>
#include <string_view>
#include <vector>

// The names that profiles use (seccomp.h of libseccomp, runtime-spec config-linux.md "Seccomp"), each list sorted, for
// `features` (features-linux.md "Seccomp").
namespace rocker::seccomp {

std::vector<std::string_view> actions(); // "SCMP_ACT_ALLOW"
std::vector<std::string_view> operators(); // "SCMP_CMP_EQ"
std::vector<std::string_view> architectures(); // "SCMP_ARCH_X86_64": those that this libseccomp knows
std::vector<std::string_view> flags(); // "SECCOMP_FILTER_FLAG_LOG"
std::vector<std::string_view> supportedFlags(); // those that this kernel takes; changes nothing

// "2.6.0"
std::string libraryVersion();

} // namespace rocker::seccomp
