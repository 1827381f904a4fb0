#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace rocker::container {

// The PATH of a process that has none of its own.
inline constexpr const char* defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// Each name once, with its last value and at that value's place; a HOME that is empty at last counts as none. An entry that is not
// NAME=value is an error.
Result<std::vector<std::string>> withoutDuplicates(const std::vector<std::string>& environment);

// The value of the first entry with that name, or empty.
std::string_view variable(const std::vector<std::string>& environment, std::string_view name);

} // namespace rocker::container
