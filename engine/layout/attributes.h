#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rocker::layout {

// What an image may say about its files: file capabilities and the user's own attributes, never overlayfs's.
bool keepXattr(std::string_view name);

// What a layer's index has of extended attributes (names and values, sorted by name): 0 without any.
std::uint32_t xattrsHash(const std::vector<std::pair<std::string, std::string>>& xattrs);

} // namespace rocker::layout
