#include "engine/container/time_namespace.h"

#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/procfs.h"

#include <linux/sched.h>

namespace rocker::container {

Result<> enterTimeNamespace(const std::map<std::string, spec::TimeOffset>& offsets)
{
    TRY(os::unshare(CLONE_NEWTIME), "make a time namespace");
    const UniqueFd procfs = TRY(os::openProcfs());
    std::string lines;
    for (const auto& [clock, offset] : offsets)
        lines += std::format("{} {} {}\n", clock, offset.secs, offset.nanosecs);
    if (!lines.empty())
        TRY(os::writeInProcfs(procfs, "self/timens_offsets", lines), "set the time offsets");
    // A magic link, so not by openInProcfs(); setns(2) itself refuses what is no time namespace.
    const UniqueFd fresh = TRY(os::open(procfs, "self/ns/time_for_children", O_RDONLY), "open the time namespace");
    TRY(os::enterNamespaces(fresh, CLONE_NEWTIME), "enter the time namespace");
    return {};
}

} // namespace rocker::container
