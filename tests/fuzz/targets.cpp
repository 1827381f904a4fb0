#include "tests/fuzz/targets.h"

#include <cstdio>
#include <cstdlib>

namespace rocker::fuzz {

std::vector<Target> allTargets()
{
    std::vector<Target> all;
    for (const auto& targets : {archiveTargets(), documentTargets(), packageTargets(), streamTargets()})
        all.insert(all.end(), targets.begin(), targets.end());
    return all;
}

void require(bool kept, const char* promise)
{
    if (kept)
        return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

} // namespace rocker::fuzz
