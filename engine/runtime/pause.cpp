#include "engine/cgroup/cgroup.h"
#include "engine/json/text.h"
#include "engine/runtime/dispatch.h"

namespace rocker::runtime {

static Result<cgroup::Cgroup> cgroupOf(const Record& record)
{
    if (record.cgroupPaths.empty())
        return fail(ErrorCode::FailedPrecondition, "the container has no cgroup of its own");
    return cgroup::Cgroup::fromPaths(record.cgroupPaths);
}

Result<int> pause(Context& context)
{
    const StateDirectory directory = TRY(context.open());
    const Record record = TRY(directory.record());
    const Status status = directory.status(record);
    if (status != Status::Running && status != Status::Created)
        return fail(ErrorCode::FailedPrecondition, "container not running or created: {}", json::enumName(status));
    TRY(TRY(cgroupOf(record)).freeze(), "pause {}", context.id());
    return 0;
}

Result<int> resume(Context& context)
{
    const StateDirectory directory = TRY(context.open());
    const Record record = TRY(directory.record());
    if (directory.status(record) != Status::Paused)
        return fail(ErrorCode::FailedPrecondition, "container not paused");
    TRY(TRY(cgroupOf(record)).thaw(), "resume {}", context.id());
    return 0;
}

} // namespace rocker::runtime
