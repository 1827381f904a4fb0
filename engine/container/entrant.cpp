#include "engine/container/entrant.h"

#include "engine/container/init.h"
#include "engine/container/namespace_root.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"

#include <unistd.h>

namespace rocker::container {

namespace {

Result<> setUp(const ProcessSpec& process, StandardStreams& streams, Command& command, ChildEnd& channel)
{
    TRY(channel.awaitGo());
    TRY(becomeNamespaceRoot(process.keepGroups ? Groups::Keep : Groups::Drop));
    hideFromTracers();
    TRY(os::check(::setsid()), "begin a session");
    Terminal terminal;
    if (process.process.terminal) {
        const UniqueFd pts = TRY(os::open("/dev/pts", O_RDONLY | O_DIRECTORY), "open /dev/pts");
        terminal = TRY(openTerminal(pts, terminalSize(process.process)));
    } else if (!streams.input.valid()) {
        streams.input = TRY(os::open("/dev/null", O_RDONLY), "open /dev/null");
    }
    TRY(takeStreams(process, terminal, streams));
    streams = {};
    TRY(command.prepare());
    return TRY(channel.send(Progress::Ready, terminal.master), "report readiness"), Result<>{};
}

} // namespace

void runEntrant(const ProcessSpec& process, StandardStreams streams, ChildEnd& channel)
{
    std::vector<int> kept = streams.numbers();
    kept.push_back(channel.socket().value());
    for (unsigned i = 0; i < process.preservedFds; ++i)
        kept.push_back(int(3 + i));
    os::closeAllExcept(std::move(kept));
    Command command(process);
    if (auto ready = setUp(process, streams, command, channel); !ready)
        channel.sendError(ready.error());
    else
        channel.sendError(passGate(command, {}, channel, [] { return Result<>{}; }));
    ::_exit(127);
}

} // namespace rocker::container
