#include "engine/runtime/inherited_fds.h"

#include <cstdlib>
#include <unistd.h>

namespace rocker::runtime {

static constexpr std::int64_t mostFds = 1 << 20;

static std::string_view variable(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

Result<InheritedFds> findInheritedFds(const Arguments& arguments)
{
    InheritedFds fds;
    // For this very process, or for whom it likes when nobody is named.
    const std::string_view pid = variable("LISTEN_PID");
    if (const std::string_view listen = variable("LISTEN_FDS"); !listen.empty() && (pid.empty() || pid == std::to_string(::getpid()))) {
        fds.count = unsigned(TRY(parseNumber(listen, 0, mostFds), "LISTEN_FDS"));
        fds.environment = {std::format("LISTEN_FDS={}", fds.count), "LISTEN_PID=1"};
        if (const std::string_view names = variable("LISTEN_FDNAMES"); !names.empty())
            fds.environment.push_back(std::format("LISTEN_FDNAMES={}", names));
    }
    fds.count += unsigned(TRY(arguments.number("preserve-fds", 0, mostFds)).value_or(0));
    return fds;
}

} // namespace rocker::runtime
