#include "engine/cgroup/cgroup.h"
#include "engine/os/process.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/first_process.h"
#include "engine/runtime/selection.h"
#include "engine/runtime/signals.h"

#include <csignal>

namespace rocker::runtime {

static Result<> signalContainer(const Context& context, const std::string& id, int signal)
{
    const StateDirectory directory = TRY(StateDirectory::open(context.root, id));
    const Record record = TRY(directory.record());
    const bool all = context.arguments.isOn("all");
    // Without a pid namespace of its own a container's other processes outlive the first one: SIGKILL means all of them.
    if (!record.cgroupPaths.empty() && (all || (signal == SIGKILL && record.sharesPids))) {
        const auto cgroup = cgroup::Cgroup::fromPaths(record.cgroupPaths);
        if (cgroup.exists())
            TRY(cgroup.signalAll(signal), "signal all processes of {}", id);
        return {};
    }
    auto process = openFirstProcess(record);
    if (!process)
        return all ? Result<>() : fail(std::move(process).error());
    TRY(os::sendSignal(*process, signal), "unable to signal init");
    return {};
}

Result<int> kill(Context& context)
{
    const std::string name = context.arguments.at(1);
    const int signal = TRY(parseSignal(name.empty() ? "TERM" : name));
    TRY(forEachSelected(context, [&](const std::string& id) { return signalContainer(context, id, signal); }));
    return 0;
}

} // namespace rocker::runtime
