#include "helper/services/container_view.h"

#include "engine/mount/plan.h"

namespace rocker {

protocol::ContainerState stateOf(const container::State& state)
{
    using enum protocol::ContainerState;
    if (state.running)
        return state.paused ? Paused : state.restarting ? Restarting : Running;
    if (state.removalInProgress)
        return Removing;
    if (state.dead)
        return Dead;
    return state.startedAt.empty() ? Created : Exited;
}

protocol::Container rowOf(const container::ContainerInfo& info)
{
    return {.id = info.id,
            .name = info.name,
            .image = info.config.image,
            .command = info.args,
            .state = stateOf(info.state),
            .pid = info.state.pid,
            .exitCode = info.state.exitCode,
            .oomKilled = info.state.oomKilled,
            .tty = info.settings.tty,
            .interactive = info.settings.interactive,
            .error = info.settings.error,
            .createdAt = info.created,
            .startedAt = info.state.startedAt,
            .finishedAt = info.state.finishedAt,
            .owner = info.settings.owner};
}

protocol::ContainerDetails detailsOf(const container::ContainerInfo& info, const container::EngineConfig& config)
{
    const container::Settings& settings = info.settings;
    const cgroup::Limits limits = info.limits();
    protocol::ContainerDetails details{.imageId = settings.imageId,
                                       .environment = settings.environment,
                                       .workingDirectory = settings.workingDirectory,
                                       .user = settings.user,
                                       .hostname = settings.hostname,
                                       .limits = {limits.memory, limits.memorySwap, limits.cpus, limits.cpuShares,
                                                  limits.cpuset, limits.pids},
                                       .capabilities = settings.capabilities,
                                       .removeOnExit = settings.removeOnExit,
                                       .logPath = config.containersDirectory() + "/" + info.id + "/container.log",
                                       .mergedPath = config.workspaceOf(info.id) + "/merged",
                                       .layers = settings.chainIds,
                                       .firstHostId = settings.firstHostId,
                                       .stopSignal = settings.stopSignal};
    for (const std::string& volume : info.config.volumes)
        if (const auto bind = mount::parseBind(volume))
            details.binds.push_back({bind->source, bind->target, bind->readOnly});
    return details;
}

cgroup::Limits limitsOf(const protocol::Limits& limits)
{
    return {limits.memory, limits.memorySwap, limits.cpus, limits.cpuShares, limits.cpuset, limits.pids};
}

} // namespace rocker
