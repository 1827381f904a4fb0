#include "engine/bundle/bundle.h"
#include "engine/os/process.h"
#include "engine/runtime/creation.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/exec_process.h"
#include "engine/runtime/first_process.h"
#include "engine/runtime/foreground.h"
#include "engine/runtime/inherited_fds.h"
#include "engine/runtime/manners.h"
#include "engine/runtime/pid_file.h"

namespace rocker::runtime {

static Result<int> enter(Context& context)
{
    const Arguments& arguments = context.arguments;
    const InheritedFds inherited = TRY(findInheritedFds(arguments));
    const StateDirectory directory = TRY(context.open());
    const Record record = TRY(directory.record());
    const Status status = directory.status(record);
    if (status == Status::Stopped || status == Status::Creating)
        return fail(ErrorCode::FailedPrecondition, "cannot exec in a {} container", json::enumName(status));
    if (status == Status::Paused && !arguments.isOn("ignore-paused"))
        return fail(ErrorCode::FailedPrecondition, "cannot exec in a paused container (use --ignore-paused to override)");

    const Document document = TRY(parseDocument(TRY(directory.configuration())));
    ExecProcess asked = TRY(execProcess(arguments, document.spec));
    if (!context.calledAs("runc"))
        dropImpossibleAmbient(asked.process);
    // crun takes this from the option alone, runc from the container's configuration too.
    if (context.calledAs("crun") && !arguments.has("process"))
        asked.process.noNewPrivileges = arguments.isOn("no-new-privs");
    asked.process.env.insert(asked.process.env.end(), inherited.environment.begin(), inherited.environment.end());
    const bool detached = arguments.isOn("detach");
    TRY(checkTerminal(context, asked.process.terminal, detached));
    std::optional<Foreground> foreground;
    if (!detached)
        foreground.emplace(TRY(Foreground::begin(Foreground::Orphans::Leave)));

    std::optional<cgroup::Cgroup> cgroup;
    if (!record.cgroupPaths.empty())
        cgroup = cgroup::Cgroup::fromPaths(record.cgroupPaths);
    bundle::ExecRequest request;
    request.id = record.id;
    request.process = std::move(asked.process);
    request.spec = &document.spec;
    request.seccompText = document.seccompText;
    request.container = TRY(openFirstProcess(record));
    request.containerPid = record.pid;
    request.cacheDirectory = openFilterCache(context, document.spec);
    request.cgroup = cgroup ? &*cgroup : nullptr;
    request.cgroupBelow = TRY(cgroupsBelow(arguments.all("cgroup")));
    request.userName = std::move(asked.userName);
    request.consoleSocket = arguments.text("console-socket");
    request.preservedFds = inherited.count;
    request.stateJson = [&](pid_t pid, std::string_view now) { return hookState(record, pid, now); };
    request.warn = context.warner();
    request.debug = context.debugger();
    bundle::Created created = TRY(bundle::exec(std::move(request)), "unable to start container process");

    const auto announce = [&]() -> Result<> {
        if (const std::string socket = arguments.text("pidfd-socket"); !socket.empty())
            TRY(sendPidfd(socket, created.process.value()));
        if (const std::string file = arguments.text("pid-file"); !file.empty())
            TRY(writePidFile(file, created.pid));
        return {};
    };
    if (auto announced = announce(); !announced) {
        (void)os::sendSignal(created.process, SIGKILL);
        (void)os::reap(created.process);
        return fail(std::move(announced).error());
    }
    if (detached)
        return 0;
    return foreground->wait(created.pid, created.process, std::move(created.terminal));
}

Result<int> exec(Context& context)
{
    return TRY(enter(context), "exec failed");
}

} // namespace rocker::runtime
