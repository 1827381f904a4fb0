#include "engine/image/machine.h"

#include <string_view>
#include <sys/utsname.h>

namespace rocker::image {

namespace {

struct Known {
    std::string_view machine; // as uname(2) has it
    std::string_view architecture;
    std::string_view variant;
};
constexpr Known knownMachines[] = {
    {"x86_64", "amd64", ""},   {"aarch64", "arm64", "v8"},     {"armv8l", "arm", "v7"},  {"armv7l", "arm", "v7"},
    {"armv6l", "arm", "v6"},   {"i686", "386", ""},            {"i386", "386", ""},      {"ppc64le", "ppc64le", ""},
    {"s390x", "s390x", ""},    {"riscv64", "riscv64", ""},     {"loongarch64", "loong64", ""},
};

} // namespace

Machine thisMachine()
{
    utsname name{};
    ::uname(&name);
    for (const Known& known : knownMachines)
        if (known.machine == name.machine)
            return {std::string(known.architecture), std::string(known.variant)};
    return {name.machine, ""};
}

} // namespace rocker::image
