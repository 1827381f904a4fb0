#include "engine/bundle/bundle.h"
#include "engine/bundle/filter.h"
#include "engine/bundle/life_hooks.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/socket.h"

namespace rocker::bundle {

Result<> startCreated(const StartRequest& request)
{
    ProcessFilter filter = TRY(ProcessFilter::forListenerOnly(*request.spec));
    const UniqueFd process = TRY(os::openPidfd(request.pid), "open process {}", request.pid);
    auto connected = os::connectTo(request.stateDirectory, startSocketName, SOCK_SEQPACKET);
    if (!connected)
        return fail(std::move(connected).error().in("the container does not wait to be started").as(ErrorCode::FailedPrecondition));
    // Whoever looks from here on sees a running container.
    (void)os::remove(request.stateDirectory, startSocketName);
    container::ParentEnd channel(std::move(*connected));
    TRY(filter.deliver(channel, process, request.pid, request.stateJson(request.pid, "creating")));
    auto running = channel.awaitExec();
    warnOfEach(channel.takeWarnings(), request.warn);
    return running;
}

} // namespace rocker::bundle
