#include "engine/runtime/creation.h"
#include "engine/runtime/dispatch.h"
#include "engine/runtime/foreground.h"

namespace rocker::runtime {

static Result<int> createAndStart(Context& context)
{
    const bool detached = context.arguments.isOn("detach");
    std::optional<Foreground> foreground;
    if (!detached)
        foreground.emplace(TRY(Foreground::begin(context.arguments.isOn("no-subreaper") ? Foreground::Orphans::Leave
                                                                                        : Foreground::Orphans::Reap)));
    const auto creation = TRY(Creation::begin(context, bundle::StartedBy::Creator));
    TRY(creation->announce());
    TRY(creation->container().start(), "unable to start container process");
    if (detached) {
        creation->leave();
        return 0;
    }
    bundle::Created& created = creation->container().created();
    creation->release();
    const int code = TRY(foreground->wait(created.pid, created.process, std::move(created.terminal)));
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
