#pragma once

#include "engine/base/result.h"
#include "engine/runtime/options.h"

#include <string>
#include <vector>

namespace rocker::runtime {

// Descriptors that the caller wants to be in the container: from 3 up, first those of socket activation (sd_listen_fds(3)),
// then --preserve-fds.
struct InheritedFds {
    unsigned count = 0; // from 3 up
    std::vector<std::string> environment; // LISTEN_FDS and its like, for the container's first process
};

// Those of them that are not open are missing in the container as well.
Result<InheritedFds> findInheritedFds(const Arguments& arguments);

} // namespace rocker::runtime
