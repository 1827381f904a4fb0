#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rocker::runtime {

// The words in `mounts[].options` that this runtime acts on, sorted, without what file systems have of their own.
std::vector<std::string_view> knownMountOptions();

// The document of features.md and features-linux.md (runtime-spec 1.3), indented.
std::string featuresJson();

} // namespace rocker::runtime
