#include "engine/cgroup/cgroup.h"
#include "engine/json/text.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/first_process.h"
#include "engine/runtime/output.h"
#include "engine/runtime/process_table.h"

namespace rocker::runtime {

static Result<std::vector<pid_t>> processesOf(const Record& record)
{
    if (record.cgroupPaths.empty())
        return isAlive(record) ? std::vector{record.pid} : std::vector<pid_t>();
    const auto cgroup = cgroup::Cgroup::fromPaths(record.cgroupPaths);
    return cgroup.exists() ? cgroup.processes() : std::vector<pid_t>();
}

Result<int> ps(Context& context)
{
    const std::string format = context.arguments.text("format", "table");
    if (format != "table" && format != "json")
        return fail(ErrorCode::InvalidArgument, "invalid format option");
    const StateDirectory directory = TRY(context.open());
    const std::vector<pid_t> pids = TRY(processesOf(TRY(directory.record())));
    const std::span<const std::string> words = context.arguments.positional();
    if (format == "json")
        TRY(print(json::text(pids) + "\n"));
    else if (words.size() == 1)
        TRY(print(processTable(pids)));
    else
        TRY(print(TRY(psOutput({words.begin() + 1, words.end()}, pids), "ps")));
    return 0;
}

} // namespace rocker::runtime
