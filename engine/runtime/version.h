#pragma once

#include <string_view>

namespace rocker::runtime {

inline constexpr std::string_view programVersion = ROCKER_VERSION;

} // namespace rocker::runtime
