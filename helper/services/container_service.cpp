#include "helper/services/container_service.h"

#include "engine/cgroup/layout.h"
#include "engine/mount/plan.h"
#include "engine/os/file.h"
#include "helper/event/log.h"
#include "helper/services/caller_file.h"
#include "helper/services/container_creation.h"
#include "helper/services/container_view.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>

namespace rocker {

using container::ContainerInfo;

namespace {

constexpr std::chrono::milliseconds saveDelay{500};

} // namespace

Result<std::unique_ptr<ContainerService>> ContainerService::open(EventLoop& loop, const container::EngineConfig& config,
                                                                 ResolveImage resolveImage, EventHub& events)
{
    TRY(os::makeDirectories(config.overlayDirectory(), 0700));
    TRY(os::makeDirectories(config.monitorsDirectory(), 0700));
    cgroup::Layout cgroups = TRY(cgroup::Layout::detect());
    container::Store store = TRY(container::Store::open(config));
    for (const std::string& id : store.unreadable())
        log::warning("'{}' has no readable {}: left alone", store.pathOf(id), container::configName);
    std::unique_ptr<ContainerService> service(
        new ContainerService(loop, config, std::move(cgroups), std::move(store), std::move(resolveImage), events));
    service->reconcile();
    return service;
}

ContainerService::ContainerService(EventLoop& loop, const container::EngineConfig& config, cgroup::Layout cgroups,
                                   container::Store store, ResolveImage resolveImage, EventHub& events)
    : m_loop(loop)
    , m_config(config)
    , m_store(std::move(store))
    , m_resolveImage(std::move(resolveImage))
    , m_events(events)
    , m_jobs(loop)
    , m_runs(loop, m_jobs, config, std::move(cgroups),
             {[this](const std::string& id, pid_t pid) { found(id, pid); },
              [this](const std::string& id, const auto& exit) { ended(id, exit); }})
{
}

ContainerService::~ContainerService()
{
    for (const auto& [id, timer] : m_unsaved)
        (void)m_store.save(*m_store.get(id));
}

void ContainerService::reconcile()
{
    std::vector<std::string> running;
    std::vector<std::string> removing;
    const std::vector<std::string> monitored = m_runs.monitored();
    for (const auto& [id, info] : m_store.all()) {
        // A start that was not recorded yet when the helper died left a monitor, or an exit record, or nothing.
        if (info.state.removalInProgress)
            removing.push_back(id);
        else if (info.state.running || info.state.restarting || std::ranges::contains(monitored, id))
            running.push_back(id);
    }
    for (const std::string& id : running)
        m_runs.adopt(id);
    for (const std::string& id : removing)
        remove(id, [id](const Result<>& removed) {
            if (!removed)
                log::error("remove {}: {}", id, removed.error().what);
        });
}

Result<ContainerInfo> ContainerService::find(const Caller& caller, const std::string& key) const
{
    const std::string id = TRY(m_store.find(key, [&](const ContainerInfo& info) { return caller.mayUse(uid_t(info.settings.owner)); }));
    return *m_store.get(id);
}

Result<ContainerInfo> ContainerService::findRunning(const Caller& caller, const std::string& key) const
{
    ContainerInfo info = TRY(find(caller, key));
    if (!info.state.running)
        return fail(ErrorCode::FailedPrecondition, "the container '{}' is not running", info.name);
    return info;
}

Result<> ContainerService::save(const ContainerInfo& info)
{
    m_unsaved.erase(info.id);
    TRY(m_store.save(info));
    m_events.containerChanged(rowOf(info));
    return {};
}

// That a container runs need not be on the disk before anybody hears of it: after a crash of the machine it is not true,
// and after one of the helper its monitor says it again. Whoever waits for a prompt does not wait for the disk as well.
void ContainerService::saveLater(const ContainerInfo& info)
{
    m_store.remember(info);
    m_events.containerChanged(rowOf(info));
    m_unsaved[info.id] = m_loop.after(saveDelay, [this, id = info.id] {
        const auto timer = m_unsaved.extract(id);
        if (const auto saved = m_store.save(*m_store.get(id)); !saved)
            log::error("{}", saved.error().what);
    });
}

protocol::ContainerReply ContainerService::replyFor(const std::string& id) const
{
    const ContainerInfo* const info = m_store.get(id);
    return {info ? rowOf(*info) : protocol::Container{.id = id, .state = protocol::ContainerState::Removing}};
}

std::vector<protocol::Container> ContainerService::visibleTo(const Caller& caller) const
{
    std::vector<protocol::Container> rows;
    for (const auto& [id, info] : m_store.all())
        if (caller.mayUse(uid_t(info.settings.owner)))
            rows.push_back(rowOf(info));
    std::ranges::sort(rows, std::ranges::greater{}, &protocol::Container::createdAt);
    return rows;
}

std::vector<ContainerService::User> ContainerService::usersOf(const std::string& imageId) const
{
    std::vector<User> users;
    for (const auto& [id, info] : m_store.all())
        if (info.settings.imageId == imageId)
            users.push_back({info.name, uid_t(info.settings.owner)});
    return users;
}

std::vector<ContainerService::Place> ContainerService::placesOf(const Caller& caller) const
{
    std::vector<Place> places;
    for (const auto& [id, info] : m_store.all())
        if (caller.mayUse(uid_t(info.settings.owner)))
            places.push_back({{id, info.name, info.settings.owner, info.state.running, 0}, info.settings.imageId,
                              {m_config.workspaceOf(id) + "/diff", m_store.pathOf(id)}});
    return places;
}

Result<ContainerInfo> ContainerService::create(const Request<protocol::Create>& request)
{
    const image::ResolvedImage image = TRY(m_resolveImage(request.parameters().image));
    ContainerInfo info = TRY(planContainer(request.parameters(), request.caller(), image, m_store));
    std::vector<std::string> layers;
    for (const auto& layer : image.layers)
        layers.push_back(layer.directory);
    auto made = container::createFiles(m_config, info.id, layers);
    if (made)
        made = save(info);
    if (!made) {
        (void)container::removeFiles(m_config, info.id);
        (void)m_store.erase(info.id);
        return fail(std::move(made).error().in("create " + info.name));
    }
    return info;
}

void ContainerService::handle(Request<protocol::Create> request)
{
    const auto created = create(request);
    created ? request.reply({rowOf(*created)}) : request.fail(created.error());
}

Result<container::LaunchPlan> ContainerService::planLaunch(const ContainerInfo& info, const std::optional<protocol::TerminalSize>& size) const
{
    container::LaunchPlan plan{.config = m_config, .cgroups = m_runs.cgroups(), .info = info};
    if (size)
        plan.size = TerminalDimensions{size->columns, size->rows};
    // A bind is its owner's: whoever starts the container, the owner's rights decide what it may name.
    const Caller owner{uid_t(info.settings.owner), gid_t(info.settings.ownerGroup), 0};
    for (const std::string& volume : info.config.volumes) {
        const mount::BindArgument bind = TRY(mount::parseBind(volume));
        UniqueFd source = TRY(openAsCaller(owner, bind.source, O_PATH), "the bind's source '{}'", bind.source);
        plan.binds.push_back({std::move(source), bind.target, bind.readOnly});
    }
    return plan;
}

void ContainerService::handle(Request<protocol::Start> request)
{
    auto found = find(request.caller(), request.parameters().container);
    if (!found)
        return request.fail(found.error());
    const ContainerInfo& info = *found;
    if (info.state.running || m_runs.running(info.id) || m_runs.starting(info.id))
        return request.fail({ErrorCode::FailedPrecondition, 0, "the container '" + info.name + "' is running already"});
    if (info.state.removalInProgress)
        return request.fail({ErrorCode::FailedPrecondition, 0, "the container '" + info.name + "' is being removed"});
    auto plan = planLaunch(info, request.parameters().size);
    if (!plan)
        return started(info.id, fail(std::move(plan).error()), std::move(request));
    auto shared = std::make_shared<Request<protocol::Start>>(std::move(request));
    m_runs.start(std::move(*plan), [this, id = info.id, shared](Result<pid_t> outcome) {
        started(id, std::move(outcome), std::move(*shared));
    });
}

void ContainerService::started(const std::string& id, Result<pid_t> outcome, Request<protocol::Start> request)
{
    ContainerInfo info = *m_store.get(id);
    if (outcome) {
        info.state = {.running = true, .pid = *outcome, .startedAt = container::timestamp()};
        info.settings.error.clear();
        saveLater(info);
    } else {
        outcome = fail(std::move(outcome).error().in("start " + info.name));
        info.settings.error = outcome.error().what;
        info.state.exitCode = outcome.error().code == ErrorCode::CommandNotFound ? 127
            : outcome.error().code == ErrorCode::CommandNotExecutable            ? 126
                                                                                  : 125;
        if (const auto saved = save(info); !saved)
            log::error("{}", saved.error().what);
    }
    outcome ? request.reply(replyFor(id)) : request.fail(outcome.error());
}

void ContainerService::found(const std::string& id, pid_t pid)
{
    const ContainerInfo* const known = m_store.get(id);
    if (!known || known->state.running || m_runs.starting(id))
        return;
    ContainerInfo info = *known;
    info.state = {.running = true, .pid = pid, .startedAt = container::timestamp()};
    if (const auto saved = save(info); !saved)
        log::error("{}", saved.error().what);
}

void ContainerService::ended(const std::string& id, const std::optional<container::ExitRecord>& exit)
{
    m_graceTimers.erase(id);
    const ContainerInfo* const known = m_store.get(id);
    // Neither known to run nor recorded: a start that came to nothing.
    if (!known || (!known->state.running && !exit))
        return;
    ContainerInfo info = *known;
    // No record: the monitor itself was killed, and with it the only witness.
    const container::ExitRecord last = exit.value_or(container::ExitRecord{137, false, container::timestamp()});
    if (!info.state.running)
        info.state.startedAt = last.finishedAt; // at the latest; its start was not recorded
    info.state.running = info.state.paused = info.state.restarting = false;
    info.state.pid = 0;
    info.state.exitCode = last.exitCode;
    info.state.oomKilled = last.oomKilled;
    info.state.finishedAt = last.finishedAt;
    if (const auto saved = save(info); !saved)
        log::error("{}", saved.error().what);
    if (info.settings.removeOnExit && !info.state.removalInProgress)
        m_loop.post([this, id] { remove(id, [](const Result<>&) {}); });
}

void ContainerService::remove(const std::string& id, std::function<void(Result<>)> done)
{
    ContainerInfo info = *m_store.get(id);
    info.state.removalInProgress = true;
    if (auto saved = save(info); !saved)
        return done(std::move(saved));
    m_jobs.run(
        [config = m_config, cgroups = m_runs.cgroups(), id]() -> Result<> {
            TRY(container::cleanUpRun(config, cgroups, id));
            return container::removeFiles(config, id);
        },
        [this, id, owner = uid_t(info.settings.owner), done = std::move(done)](Result<> outcome) {
            if (outcome && m_store.get(id))
                outcome = m_store.erase(id);
            if (outcome)
                m_events.containerRemoved(id, owner);
            done(std::move(outcome));
        });
}

void ContainerService::handle(Request<protocol::Remove> request)
{
    const auto info = find(request.caller(), request.parameters().container);
    if (!info)
        return request.fail(info.error());
    const bool runs = info->state.running || m_runs.starting(info->id);
    if (runs && (!request.parameters().force || m_runs.starting(info->id)))
        return request.fail({ErrorCode::FailedPrecondition, 0,
                             "the container '" + info->name + "' is running: stop it first, or force its removal"});
    auto shared = std::make_shared<Request<protocol::Remove>>(std::move(request));
    const auto finish = [this, id = info->id, shared] {
        if (!m_store.get(id))
            return shared->reply({});
        remove(id, [shared](const Result<>& removed) { removed ? shared->reply({}) : shared->fail(removed.error()); });
    };
    if (!runs)
        return finish();
    m_runs.whenEnded(info->id, finish);
    stop(info->id, SIGKILL, std::chrono::seconds(0));
}

void ContainerService::handle(Request<protocol::Rename> request)
{
    auto info = find(request.caller(), request.parameters().container);
    const std::string& name = request.parameters().name;
    if (!info)
        return request.fail(info.error());
    if (!container::isValidName(name))
        return request.fail({ErrorCode::InvalidArgument, 0, "'" + name + "' is no name for a container"});
    if (info->name != name && m_store.nameTaken(name))
        return request.fail({ErrorCode::AlreadyExists, 0, "a container is called '" + name + "' already"});
    info->name = name;
    const auto saved = save(*info);
    saved ? request.reply({rowOf(*info)}) : request.fail(saved.error());
}

void ContainerService::handle(Request<protocol::List> request)
{
    request.reply({visibleTo(request.caller())});
}

void ContainerService::handle(Request<protocol::Inspect> request)
{
    const auto info = find(request.caller(), request.parameters().container);
    info ? request.reply({rowOf(*info), detailsOf(*info, m_config)}) : request.fail(info.error());
}

void ContainerService::handle(Request<protocol::Wait> request)
{
    const auto info = find(request.caller(), request.parameters().container);
    if (!info)
        return request.fail(info.error());
    if (!info->state.running)
        return request.reply({rowOf(*info)});
    auto shared = std::make_shared<Request<protocol::Wait>>(std::move(request));
    m_runs.whenEnded(info->id, [this, row = rowOf(*info), shared] {
        // A container that removes itself is on its way out: its last row is still an answer.
        shared->reply(replyFor(row.id));
    });
}

} // namespace rocker
