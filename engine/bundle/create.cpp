#include "engine/bundle/blueprint.h"
#include "engine/bundle/bundle.h"
#include "engine/bundle/console.h"
#include "engine/bundle/filter.h"
#include "engine/bundle/life_hooks.h"
#include "engine/bundle/streams.h"
#include "engine/container/attributes.h"
#include "engine/container/birth.h"
#include "engine/container/init.h"
#include "engine/network/network.h"
#include "engine/os/file.h"
#include "engine/os/socket.h"

#include <charconv>
#include <csignal>
#include <sys/socket.h>

namespace rocker::bundle {

struct Container::Parts {
    CreateRequest request;
    Created created;
    std::optional<cgroup::Cgroup> cgroup;
    ProcessFilter filter;
    std::optional<container::ParentEnd> channel;
    bool hooksDue = false; // somebody has been told of the container: its poststop hooks are owed
    bool left = false;

    Result<> make();
    Result<> makeCgroup();
    Result<> accompany(container::Blueprint& blueprint);
    void end();
    void debug(const std::string& text) const
    {
        if (request.debug)
            request.debug(text);
    }
    std::string state(std::string_view status) const { return request.stateJson(created.pid, status); }
};

Result<> Container::Parts::makeCgroup()
{
    if (request.cgroupPlace.empty())
        return {};
    static const spec::Resources none;
    const auto& platform = request.spec.platform;
    const spec::Resources& resources = platform && platform->resources ? *platform->resources : none;
    const cgroup::Layout layout = TRY(cgroup::Layout::detect());
    cgroup = TRY(cgroup::Cgroup::create(layout, {.place = request.cgroupPlace,
                                                 .resources = resources,
                                                 .devices = cgroup::withDefaults(resources.devices),
                                                 .named = cgroup::Named::Join,
                                                 .tolerance = request.cgroupTolerance}));
    return {};
}

Result<> Container::Parts::make()
{
    // `start` by another process does not know whether such an agent was there.
    const auto agent = request.startedBy == StartedBy::Creator ? ProcessFilter::Agent::Any : ProcessFilter::Agent::OfRules;
    filter = TRY(ProcessFilter::prepare(request.spec, request.seccompText, request.cacheDirectory, agent));
    if (!request.agentVersion.empty())
        filter.setVersion(request.agentVersion);
    if (filter.loads())
        debug(std::format("seccomp filter flags: {}", filter.filter().flags));
    TRY(makeCgroup());
    container::Blueprint blueprint = TRY(draw(request, cgroup ? &*cgroup : nullptr));
    container::Gate gate;
    if (request.startedBy == StartedBy::Anybody)
        gate.listener = TRY(os::listenAt(request.stateDirectory, startSocketName, SOCK_SEQPACKET, 0600), "make the start socket");
    container::StandardStreams streams = TRY(callersStreams(), "take the standard streams");

    container::Newborn newborn = TRY(container::bear(blueprint.namespaces, {.cgroup = cgroup ? &*cgroup : nullptr}, [&](container::ChildEnd channel) {
        blueprint.process.loadSeccomp = [&] { return filter.load(channel); };
        blueprint.confineStartContainer = [&] { return filter.loadIntoHook(); };
        container::runInit(blueprint, std::move(streams), std::move(gate), channel);
    }), "make the container's process");
    created.pid = newborn.process.pid;
    created.process = std::move(newborn.process.pidfd);
    channel.emplace(std::move(newborn.channel));
    debug(std::format("nsexec container setup: process {} is in its namespaces", created.pid));
    return accompany(blueprint);
}

// The parent's side of the set-up, step for step with init's.
Result<> Container::Parts::accompany(container::Blueprint& blueprint)
{
    UniqueFd ids;
    if (blueprint.sources.needsContainerIds()) {
        ids = TRY(os::open(std::format("/proc/{}/ns/user", created.pid), O_RDONLY), "open the user namespace");
        TRY(blueprint.sources.mapIds(blueprint.mounts, ids));
    }
    const auto map = [&](container::Word word) -> Result<> {
        std::size_t source = 0;
        std::from_chars(word.text.data(), word.text.data() + word.text.size(), source);
        return blueprint.sources.mapInside(blueprint.mounts, source, word.fd(), ids);
    };
    if (request.spec.platform && !request.spec.platform->netDevices.empty()) {
        const UniqueFd target = TRY(os::open(std::format("/proc/{}/ns/net", created.pid), O_RDONLY), "open the network namespace");
        TRY(network::moveDevices(request.spec.platform->netDevices, target));
    }
    TRY(request.record(created, cgroup ? &*cgroup : nullptr));
    TRY(channel->sendGo({}, container::HookStates{state("creating"), state("created")}.encode()), "send the go-ahead");
    debug("child process in init(): it builds the container from inside");
    if (blueprint.hooksBeforePivot) {
        TRY(channel->await(container::Progress::Mounted, map), "{}", initFailed);
        hooksDue = true;
        TRY(runCreateRuntime(request.spec, request.bundlePath, state("created"), state("creating")));
        TRY(channel->sendGo(), "send the go-ahead");
    }
    container::Word ready = TRY(channel->await(container::Progress::Ready, map), "{}", initFailed);
    debug("init: closing the pipe to signal completion: only the command is missing");
    if (blueprint.process.process.terminal)
        created.terminal = TRY(handOver(ready.fd(), request.consoleSocket));
    const bool inCpuset = request.spec.platform && request.spec.platform->resources && request.spec.platform->resources->cpu
        && request.spec.platform->resources->cpu->cpus;
    container::resetAffinity(created.pid);
    return container::applyFromOutside(blueprint.process.process, created.pid,
                                       inCpuset ? container::Cpuset::Limited : container::Cpuset::Unlimited);
}

void Container::Parts::end()
{
    if (created.process.valid()) {
        (void)os::sendSignal(created.process, SIGKILL);
        (void)os::reap(created.process);
    }
    channel.reset();
    if (cgroup)
        (void)cgroup->destroy();
    if (hooksDue)
        runPoststop(request.spec, request.bundlePath, state("stopped"), request.warn);
    left = true;
}

Container::Container(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}
Container::Container(Container&&) noexcept = default;

Container::~Container()
{
    if (m_parts && !m_parts->left)
        m_parts->end();
}

Result<Container> Container::create(CreateRequest request)
{
    Container container(std::make_unique<Parts>());
    container.m_parts->request = std::move(request);
    TRY(container.m_parts->make());
    if (container.m_parts->request.startedBy == StartedBy::Anybody)
        container.m_parts->channel.reset();
    return container;
}

Created& Container::created()
{
    return m_parts->created;
}

Result<> Container::start()
{
    Parts& parts = *m_parts;
    TRY(parts.channel->sendGo(), "send the go-ahead");
    TRY(parts.filter.deliver(*parts.channel, parts.created.process, parts.created.pid, parts.state("creating")));
    auto running = parts.channel->awaitExec();
    warnOfEach(parts.channel->takeWarnings(), parts.request.warn);
    TRY(std::move(running));
    parts.channel.reset();
    parts.hooksDue = true;
    TRY(runPoststart(parts.request.spec, parts.request.bundlePath, parts.state("running")));
    parts.left = true;
    return {};
}

void Container::leave()
{
    m_parts->left = true;
}

void Container::destroy()
{
    m_parts->end();
}

} // namespace rocker::bundle
