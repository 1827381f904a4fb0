#include "tests/fuzz/targets.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

// One program for all targets: ROCKER_FUZZ_TARGET names the one that libFuzzer drives.
namespace {

const rocker::fuzz::Target& chosen()
{
    static const std::vector<rocker::fuzz::Target> all = rocker::fuzz::allTargets();
    const char* const name = std::getenv("ROCKER_FUZZ_TARGET");
    for (const auto& target : all)
        if (name && target.name == name)
            return target;
    std::fprintf(stderr, "ROCKER_FUZZ_TARGET must be one of:");
    for (const auto& target : all)
        std::fprintf(stderr, " %.*s", int(target.name.size()), target.name.data());
    std::fputc('\n', stderr);
    std::exit(2);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const rocker::fuzz::Target& target = chosen();
    target.run({reinterpret_cast<const char*>(data), size});
    return 0;
}
