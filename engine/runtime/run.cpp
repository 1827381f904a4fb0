#include "engine/runtime/creation.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/foreground.h"

namespace rocker::runtime {

static constexpr int commandFailed = 255;

static Result<int> createAndStart(Context& context)
{
    const bool detached = context.arguments.isOn("detach");
    std::optional<Foreground> foreground;
    if (!detached)
        foreground.emplace(TRY(Foreground::begin(context.arguments.isOn("no-subreaper") ? Foreground::Orphans::Leave
                                                                                        : Foreground::Orphans::Reap)));
    const auto creation = TRY(Creation::begin(context, bundle::StartedBy::Creator));
    TRY(creation->announce());
    bundle::Created& created = creation->container().created();
    if (auto started = creation->container().start(); !started) {
        const Error error = std::move(started).error();
        if (detached || (error.code != ErrorCode::CommandNotFound && error.code != ErrorCode::CommandNotExecutable))
            return fail(Error(error).in("unable to start container process"));
        // Everything was done but the command itself: that line is the command's, so to say, not the runtime's.
        context.log.plain(error.what);
        return commandFailed;
    }
    std::optional<NotifyProxy>& proxy = creation->notifyProxy();
    if (detached) {
        if (proxy)
            TRY(proxy->forwardUntilReady(created.process, created.pid));
        creation->leave();
        return 0;
    }
    creation->release();
    const int code = TRY(foreground->wait(created.pid, created.process, std::move(created.terminal), proxy ? &*proxy : nullptr));
    if (context.arguments.isOn("keep"))
        creation->leave();
    else
        creation->destroy();
    return code;
}

Result<int> run(Context& context)
{
    return TRY(createAndStart(context), "{} run failed", context.program);
}

} // namespace rocker::runtime
