#include "engine/container/starter.h"

#include "engine/container/channel.h"
#include "engine/container/launch.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/socket.h"
#include "engine/os/syscall.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace rocker::container {

namespace {

int passOn(const UniqueFd& fd)
{
    if (fd.valid())
        ::fcntl(fd.value(), F_SETFD, 0);
    return fd.value();
}

} // namespace

Result<> runSteps(std::span<const Step> steps)
{
    for (std::size_t i = 0; i < steps.size(); ++i) {
        auto done = steps[i].apply();
        if (done)
            continue;
        while (i-- > 0)
            if (steps[i].undo)
                steps[i].undo();
        return done;
    }
    return {};
}

Result<StreamPipes> makeStreamPipes(bool interactive)
{
    StreamPipes pipes;
    os::Pipe output = TRY(os::makePipe(), "make the output pipe");
    os::Pipe error = TRY(os::makePipe(), "make the error pipe");
    pipes.inside.output = std::move(output.writeEnd);
    pipes.inside.errorOutput = std::move(error.writeEnd);
    pipes.output = std::move(output.readEnd);
    pipes.errorOutput = std::move(error.readEnd);
    if (interactive) {
        os::Pipe input = TRY(os::makePipe(), "make the input pipe");
        pipes.inside.input = std::move(input.readEnd);
        pipes.input = std::move(input.writeEnd);
    }
    return pipes;
}

Result<UniqueFd> listenForControl(const EngineConfig& config, const std::string& name)
{
    const UniqueFd directory = TRY(os::open(config.monitorsDirectory(), O_RDONLY | O_DIRECTORY), "open '{}'", config.monitorsDirectory());
    return os::listenAt(directory, name, SOCK_SEQPACKET, 0600);
}

Error becomeMonitor(MonitorParts parts, pid_t pid, BorrowedFd ready)
{
    const monitor::Setup setup{.process = passOn(parts.process),
                               .listener = passOn(parts.listener),
                               .log = passOn(parts.files.log),
                               .journal = passOn(parts.files.journal),
                               .terminal = passOn(parts.terminal),
                               .input = passOn(parts.pipes.input),
                               .output = passOn(parts.pipes.output),
                               .errorOutput = passOn(parts.pipes.errorOutput),
                               .oomFile = passOn(parts.oomFile),
                               .directory = passOn(parts.directory),
                               .ready = ready.value(),
                               .pid = pid};
    ::fcntl(ready.value(), F_SETFD, 0);
    std::vector<std::string> words{"rocker-monitor", setup.encode()};
    char* const noEnvironment[]{nullptr};
    (void)!::chdir("/");
    ::execveat(parts.program.value(), "", os::pointersOf(words).data(), noEnvironment, AT_EMPTY_PATH);
    return Error::fromErrno(errno).in("execute the monitor");
}

Result<Starting> forkStarter(std::vector<int> kept, const std::function<Error(BorrowedFd result)>& work)
{
    os::Pipe pipe = TRY(os::makePipe(), "make the result pipe");
    os::Child child = TRY(os::cloneProcess(0), "fork the starter");
    if (child.pid == 0) {
        kept.push_back(pipe.writeEnd.value());
        os::closeAllExcept(std::move(kept));
        os::resetSignals();
        ::signal(SIGPIPE, SIG_IGN);
        ::setsid();
        // A monitor reads no input and has nobody to complain to.
        if (auto null = os::open("/dev/null", O_RDWR); null)
            for (int fd = 0; fd < 2; ++fd)
                ::dup2(null->value(), fd);
        const Error error = work(pipe.writeEnd);
        (void)os::writeAll(pipe.writeEnd, encodeError(error));
        ::_exit(1);
    }
    return Starting{std::move(pipe.readEnd), std::move(child.pidfd)};
}

Result<pid_t> Starting::finish()
{
    // "P<pid>;" from a monitor that runs, else "E…"; either is one write.
    std::string told(16 * 1024, '\0');
    ssize_t count;
    do
        count = ::read(result.value(), told.data(), told.size());
    while (count < 0 && errno == EINTR);
    told.resize(std::size_t(std::max<ssize_t>(count, 0)));
    result.reset();
    pid_t pid = 0;
    if (told.starts_with('P') && told.ends_with(';')
        && std::from_chars(told.data() + 1, told.data() + told.size(), pid).ec == std::errc{})
        return pid;
    (void)os::sendSignal(starter, SIGKILL);
    (void)os::reap(starter);
    if (told.starts_with('E'))
        return fail(decodeError(told));
    return fail(ErrorCode::Internal, "the starter ended without a word");
}

} // namespace rocker::container
