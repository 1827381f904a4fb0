#pragma once

#include "engine/base/result.h"
#include "engine/runtime/options.h"

#include <string>
#include <vector>

namespace rocker::runtime {

// Descriptors that the caller wants to be in the container: from 3 up, first those of socket activation (sd_listen_fds(3)),
// then --preserve-fds.
struct InheritedFds {
    unsigned count = 0;
    std::vector<std::string> environment; // LISTEN_FDS and its like, for the container's first process
};

// Looks which are there. To be called before anything else is opened, which would look like one of them.
enum class Missing {
    Refuse, // one that --preserve-fds counts and that is not open is an error
    Skip,   // its number is taken up to the command's execve(2), and is not open there either
};
Result<InheritedFds> findInheritedFds(const Arguments& arguments, Missing missing);

} // namespace rocker::runtime
