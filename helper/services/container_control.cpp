#include "helper/services/container_service.h"

#include "engine/cgroup/cgroup.h"
#include "engine/container/init_signals.h"
#include "engine/os/file.h"
#include "helper/event/log.h"
#include "helper/services/signal_name.h"

#include <csignal>
#include <fcntl.h>

// What acts on a container's processes while they run: Stop, Kill, Pause, Resume, and standing still for a while.
namespace rocker {

using container::ContainerInfo;

void ContainerService::stop(const std::string& id, int signal, std::chrono::seconds grace)
{
    ContainerInfo info = *m_store.get(id);
    if (info.state.paused)
        (void)setPaused(info, false);
    if (!container::hearsSignal(pid_t(info.state.pid), signal))
        grace = std::chrono::seconds(0);
    // That it has just ended is no failure: its end is what is wanted.
    const auto heard = [name = info.name](const Result<>& sent) {
        if (!sent && sent.error().code != ErrorCode::FailedPrecondition && sent.error().errnum != ESRCH)
            log::warning("stop {}: {}", name, sent.error().what);
    };
    m_runs.signal(id, grace.count() == 0 ? SIGKILL : signal, heard);
    if (grace.count() > 0)
        m_graceTimers[id] = m_loop.after(grace, [this, id, heard] { m_runs.signal(id, SIGKILL, heard); });
}

void ContainerService::handle(Request<protocol::Stop> request)
{
    const auto info = findRunning(request.caller(), request.parameters().container);
    const auto signal = info ? signalFromName(info->settings.stopSignal) : Result<int>(SIGTERM);
    if (!info || !signal)
        return request.fail(info ? signal.error() : info.error());
    const std::int64_t grace = request.parameters().graceSeconds;
    if (grace < 0 || grace > 3600)
        return request.fail({ErrorCode::InvalidArgument, 0, "graceSeconds: give 0 to 3600"});
    auto shared = std::make_shared<Request<protocol::Stop>>(std::move(request));
    m_runs.whenEnded(info->id, [this, id = info->id, shared] { shared->reply(replyFor(id)); });
    stop(info->id, *signal, std::chrono::seconds(grace));
}

void ContainerService::handle(Request<protocol::Kill> request)
{
    const auto info = findRunning(request.caller(), request.parameters().container);
    const auto signal = signalFromName(request.parameters().signal);
    if (!info || !signal)
        return request.fail(!info ? info.error() : signal.error());
    auto shared = std::make_shared<Request<protocol::Kill>>(std::move(request));
    m_runs.signal(info->id, *signal, [shared](const Result<>& sent) { sent ? shared->reply({}) : shared->fail(sent.error()); });
}

Result<> ContainerService::setPaused(ContainerInfo& info, bool paused)
{
    const auto group = cgroup::Cgroup::open(m_runs.cgroups(), m_config.cgroupPlaceOf(info.id));
    TRY(paused ? group.freeze() : group.thaw(), "{} {}", paused ? "pause" : "resume", info.name);
    info.state.paused = paused;
    return save(info);
}

Result<ContainerService::Changes> ContainerService::changesOf(const Caller& caller, const std::string& key, bool pause)
{
    ContainerInfo info = TRY(find(caller, key));
    Changes changes{info.name, info.settings.imageId, {}, {}};
    changes.directory = TRY(os::open(m_config.workspaceOf(info.id) + "/diff", O_PATH | O_DIRECTORY | O_NOFOLLOW),
                            "open the changes of '{}'", info.name);
    if (!pause || !info.state.running || info.state.paused)
        return changes;
    // Kept as paused, so that who looks after a crash sees why nothing moves, and can resume it.
    TRY(setPaused(info, true));
    changes.thaw = std::shared_ptr<void>(nullptr, [this, id = info.id](void*) {
        if (const ContainerInfo* const now = m_store.get(id); now && now->state.running && now->state.paused) {
            ContainerInfo thawed = *now;
            if (auto resumed = setPaused(thawed, false); !resumed)
                log::warning("{}", resumed.error().what);
        }
    });
    return changes;
}

void ContainerService::handle(Request<protocol::Pause> request)
{
    auto info = findRunning(request.caller(), request.parameters().container);
    if (info && info->state.paused)
        info = fail(ErrorCode::FailedPrecondition, "the container '{}' is paused already", info->name);
    const auto done = info ? setPaused(*info, true) : Result<>(fail(info.error()));
    done ? request.reply(replyFor(info->id)) : request.fail(done.error());
}

void ContainerService::handle(Request<protocol::Resume> request)
{
    auto info = findRunning(request.caller(), request.parameters().container);
    if (info && !info->state.paused)
        info = fail(ErrorCode::FailedPrecondition, "the container '{}' is not paused", info->name);
    const auto done = info ? setPaused(*info, false) : Result<>(fail(info.error()));
    done ? request.reply(replyFor(info->id)) : request.fail(done.error());
}

} // namespace rocker
