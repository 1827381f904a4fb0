#pragma once

#include "engine/runtime/options.h"
#include "engine/spec/resources.h"

namespace rocker::runtime {

// What the options of `update` ask for; --resources is not among them.
Result<spec::Resources> updatedResources(const Arguments& arguments);
// "1073741824", "512m", "1.5GiB", "-1": bytes with a suffix of 1024 (k, m, g, t, p, with "b" or "ib" behind).
Result<std::int64_t> parseBytes(std::string_view text);

} // namespace rocker::runtime
