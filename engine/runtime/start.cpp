#include "engine/bundle/bundle.h"
#include "engine/bundle/life_hooks.h"
#include "engine/json/text.h"
#include "engine/runtime/creation.h"
#include "engine/runtime/deletion.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/first_process.h"

namespace rocker::runtime {

Result<int> start(Context& context)
{
    const StateDirectory directory = TRY(context.open());
    const Record record = TRY(directory.record());
    switch (const Status status = directory.status(record)) {
    case Status::Created:
        break;
    case Status::Stopped:
        return fail(ErrorCode::FailedPrecondition, "cannot start a container that has stopped");
    case Status::Running:
        return fail(ErrorCode::FailedPrecondition, "cannot start an already running container");
    default:
        return fail(ErrorCode::FailedPrecondition, "cannot start a container in the {} state", json::enumName(status));
    }
    const Document document = record.isSettled ? Document() : TRY(parseDocument(TRY(directory.configuration())));
    const UniqueFd process = TRY(openFirstProcess(record));
    const std::string manager = serviceManager();
    std::optional<NotifyProxy> proxy = TRY(NotifyProxy::open(directory, manager, notifyPlace(context, manager)));
    TRY(bundle::startCreated({.spec = &document.spec,
                              .stateDirectory = directory.descriptor(),
                              .pid = record.pid,
                              .stateJson = [&](pid_t pid, std::string_view status) { return hookState(record, pid, status); },
                              .warn = context.warner()}));
    auto hooks = bundle::runPoststart(document.spec, record.bundle, hookState(record, record.pid, "running"));
    if (!hooks) // ends the container (runtime.md, "Lifecycle", 9 to 12)
        if (auto deleted = deleteContainer(context, record.id, true); !deleted)
            context.log.warning(deleted.error().what);
    TRY(std::move(hooks));
    if (proxy)
        TRY(proxy->forwardUntilReady(process, record.pid));
    return 0;
}

} // namespace rocker::runtime
