#include "engine/bundle/life_hooks.h"
#include "engine/cgroup/cgroup.h"
#include "engine/json/text.h"
#include "engine/os/process.h"
#include "engine/runtime/creation.h"
#include "engine/runtime/deletion.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/first_process.h"
#include "engine/runtime/selection.h"

#include <csignal>
#include <poll.h>

namespace rocker::runtime {

using namespace std::chrono_literals;

static constexpr auto killPatience = 10s;
static constexpr std::chrono::milliseconds killStep = 100ms;

// Until the process is gone, and not only dying: its parent may be somebody else.
static Result<> killFirstProcess(const Record& record)
{
    const auto process = openFirstProcess(record);
    if (!process)
        return {};
    TRY(os::sendSignal(*process, SIGKILL), "kill the container");
    // The first process of a pid namespace ends only after all others (pid_namespaces(7)), which may be frozen, or make
    // more of themselves faster than the kernel gets to them: the cgroup is told again and again.
    const auto cgroup = cgroup::Cgroup::fromPaths(record.cgroupPaths);
    const auto deadline = std::chrono::steady_clock::now() + killPatience;
    pollfd ended{.fd = process->value(), .events = POLLIN};
    do {
        if (cgroup.exists())
            (void)cgroup.signalAll(SIGKILL);
        if (::poll(&ended, 1, int(killStep.count())) > 0)
            return {};
    } while (std::chrono::steady_clock::now() < deadline);
    return fail(ErrorCode::FailedPrecondition, "container init still running");
}

Result<> deleteContainer(const Context& context, const std::string& id, bool force)
{
    auto opened = StateDirectory::open(context.root, id);
    if (!opened)
        return force && opened.error().code == ErrorCode::NotFound ? Result<>() : fail(std::move(opened).error());
    StateDirectory directory = std::move(*opened);
    auto record = directory.record();
    if (!record) {
        // What a crash has left before anything was made.
        // (Its maker would hold the lock.)
        const bool left = record.error().code == ErrorCode::NotFound && directory.lock(0ms);
        if (left)
            TRY(directory.remove(), "remove the state of {}", id);
        return left && force ? Result<>() : fail(std::move(record).error());
    }
    const Status status = directory.status(*record);
    if (!force && status != Status::Stopped && status != Status::Created)
        return fail(ErrorCode::FailedPrecondition, "cannot delete container {} that is not stopped: {}", id, json::enumName(status));
    TRY(killFirstProcess(*record));
    TRY(directory.lock(force ? std::chrono::milliseconds(killPatience) : 0ms));
    record = directory.record();
    if (!record) // another one was faster
        return {};
    if (!record->cgroupPaths.empty())
        TRY(cgroup::Cgroup::fromPaths(record->cgroupPaths).destroy(), "unable to destroy container");
    else if (!record->cgroupPlace.empty() && record->pid == 0)
        TRY(cgroup::Cgroup::open(TRY(cgroup::Layout::detect()), record->cgroupPlace).destroy(), "unable to destroy container");
    if (auto text = record->isSettled ? std::string() : directory.configuration())
        if (const auto document = parseDocument(std::move(*text)))
            bundle::runPoststop(document->spec, record->bundle, hookState(*record, 0, "stopped"), context.warner());
    return directory.remove();
}

Result<int> destroy(Context& context)
{
    const bool force = context.arguments.isOn("force");
    TRY(forEachSelected(context, [&](const std::string& id) { return deleteContainer(context, id, force); }));
    return 0;
}

} // namespace rocker::runtime
