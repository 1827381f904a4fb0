#include "engine/bundle/blueprint.h"
#include "engine/bundle/bundle.h"
#include "engine/bundle/console.h"
#include "engine/bundle/filter.h"
#include "engine/bundle/life_hooks.h"
#include "engine/bundle/streams.h"
#include "engine/container/attributes.h"
#include "engine/container/birth.h"
#include "engine/container/entrant.h"

#include <csignal>

namespace rocker::bundle {

namespace {

void debug(const ExecRequest& request, const std::string& text)
{
    if (request.debug)
        request.debug(text);
}

// The parent's side, step for step with the entrant's.
Result<> accompany(ExecRequest& request, Created& created, container::ParentEnd& channel, ProcessFilter& filter)
{
    TRY(channel.sendGo(), "send the go-ahead");
    debug(request, "child process in init(): it prepares the command");
    container::Word ready = TRY(channel.await(container::Progress::Ready));
    if (request.process.terminal)
        created.terminal = TRY(handOver(ready.fd(), request.consoleSocket));
    if (request.process.execCpuAffinity && !request.process.execCpuAffinity->final.empty())
        TRY(container::setAffinity(request.process.execCpuAffinity->final, created.pid), "process.execCPUAffinity.final");
    else
        container::resetAffinity(created.pid);
    TRY(container::applyFromOutside(request.process, created.pid));
    debug(request, "setns_init: about to exec");
    TRY(channel.sendGo(), "send the go-ahead");
    TRY(filter.deliver(channel, created.process, created.pid, request.stateJson(request.containerPid, "running")));
    auto running = channel.awaitExec();
    warnOfEach(channel.takeWarnings(), request.warn);
    return running;
}

} // namespace

Result<Created> exec(ExecRequest request)
{
    ProcessFilter filter = TRY(ProcessFilter::prepare(*request.spec, request.seccompText, request.cacheDirectory));
    container::ProcessSpec process = processOf(*request.spec, request.process);
    process.userName = request.userName;
    process.preservedFds = request.preservedFds;
    if (request.newKeyring)
        process.keyring = container::SessionKeyring{"_ses." + request.id};
    if (request.process.execCpuAffinity && !request.process.execCpuAffinity->initial.empty()) {
        TRY(container::setAffinity(request.process.execCpuAffinity->initial, 0), "process.execCPUAffinity.initial");
        debug(request, std::format("nsexec: affinity: {}", container::affinityMask()));
    }
    if (filter.loads())
        debug(request, std::format("seccomp filter flags: {}", filter.filter().flags));

    container::StandardStreams streams = TRY(callersStreams(), "take the standard streams");
    const container::Place place{request.cgroup, request.cgroupBelow};
    container::Newborn newborn = TRY(container::bearInside(request.container, request.containerPid, place, [&](container::ChildEnd channel) {
            process.loadSeccomp = [&] { return filter.load(channel); };
            container::runEntrant(process, std::move(streams), channel);
    }), "enter the container");
    Created created{.pid = newborn.process.pid, .process = std::move(newborn.process.pidfd)};
    debug(request, std::format("nsexec container setup: process {} is in the container's namespaces", created.pid));
    if (auto done = accompany(request, created, newborn.channel, filter); !done) {
        (void)os::sendSignal(created.process, SIGKILL);
        (void)os::reap(created.process);
        return fail(std::move(done).error());
    }
    return created;
}

} // namespace rocker::bundle
