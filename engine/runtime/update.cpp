#include "engine/cgroup/cgroup.h"
#include "engine/json/json.h"
#include "engine/os/file.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/update_resources.h"
#include "engine/spec/spec.h"

#include <unistd.h>

namespace rocker::runtime {

static Result<std::string> readInput(const std::string& path)
{
    // /proc/self/fd/0 is opened anew, which a socket does not allow; a read to the end does for all.
    if (path != "-")
        return TRY(os::readFile(path), "read '{}'", path);
    constexpr std::size_t limit = 16 << 20;
    std::string text;
    char buffer[4096];
    for (ssize_t count; text.size() < limit && (count = ::read(STDIN_FILENO, buffer, sizeof buffer)) > 0;)
        text.append(buffer, std::size_t(count));
    return text;
}

Result<int> update(Context& context)
{
    const Arguments& arguments = context.arguments;
    const StateDirectory directory = TRY(context.open());
    const Record record = TRY(directory.record());
    const std::string file = arguments.text("resources");
    spec::Resources resources = file.empty()
        ? TRY(updatedResources(arguments))
        : TRY(json::readText<spec::Resources>(TRY(readInput(file)), json::UnknownKeys::Ignore), "{}", file);
    if (arguments.has("l3-cache-schema") || arguments.has("mem-bw-schema"))
        return fail(ErrorCode::FailedPrecondition, "Intel RDT: updating it is not supported");
    if (resources.memory && (resources.memory->kernel || resources.memory->kernelTcp))
        context.log.warning("Kernel memory settings are ignored and will be removed");
    // Without swap of its own a limit that is lifted would keep the old sum of both.
    if (resources.memory && resources.memory->limit == -1 && !resources.memory->swap)
        resources.memory->swap = -1;
    if (record.cgroupPaths.empty())
        return fail(ErrorCode::FailedPrecondition, "the container has no cgroup of its own");
    const auto cgroup = cgroup::Cgroup::fromPaths(record.cgroupPaths);
    if (!cgroup.exists())
        return fail(ErrorCode::FailedPrecondition, "container not running");
    TRY(cgroup.update(resources), "update {}", context.id());
    return 0;
}

} // namespace rocker::runtime
