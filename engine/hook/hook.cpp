#include "engine/hook/hook.h"

#include "engine/base/text.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"

#include <array>
#include <chrono>
#include <climits>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

namespace rocker::hook {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t keptOutput = 4096;

// In the child: never returns. What it cannot do goes to its parent as an errno.
[[noreturn]] void becomeHook(const spec::Hook& hook, const Surroundings& surroundings, const std::vector<char*>& argv,
                             char** environment, std::array<int, 3> streams, int report)
{
    // Above all that dup2() is about to overwrite.
    const auto lift = [](int fd) { return ::fcntl(fd, F_DUPFD_CLOEXEC, 16); };
    const int sources[3]{lift(streams[0]), lift(streams[1]), lift(streams[2])};
    const int kept = lift(report);
    bool fine = kept >= 0 && (surroundings.directory.value() < 0 || ::fchdir(surroundings.directory.value()) == 0);
    for (int target = 0; target < 3; ++target)
        fine = fine && ::dup2(sources[target], target) == target;
    if (fine) {
        os::closeAllExcept({kept});
        os::resetSignals();
        auto confined = surroundings.confine && *surroundings.confine ? (*surroundings.confine)() : Result<>{};
        if (confined)
            ::execve(hook.path.c_str(), argv.data(), environment);
        else
            errno = confined.error().errnum;
    }
    const int error = errno;
    (void)!::write(kept >= 0 ? kept : report, &error, sizeof error);
    ::_exit(127);
}

// A hook that runs: it prints, and it ends.
class Run
{
public:
    Run(const spec::Hook& hook, const Surroundings& surroundings) : m_hook(hook), m_surroundings(surroundings) {}

    Result<> run()
    {
        if (!m_hook.path.starts_with('/'))
            return fail(ErrorCode::InvalidArgument, "hook path '{}' is not absolute", m_hook.path);
        if (m_hook.timeout)
            m_deadline = Clock::now() + std::chrono::seconds(*m_hook.timeout);
        TRY(start(), "hook {}", m_hook.path);
        if (auto served = serve(); !served) {
            (void)os::sendSignal(m_child.pidfd, SIGKILL);
            (void)os::reap(m_child.pidfd);
            return served;
        }
        return judge(TRY(os::reap(m_child.pidfd)));
    }

private:
    Result<> start()
    {
        // In a file, all of it is there for who reads, and nobody waits for who does not; /dev/stdin can be opened too.
        const UniqueFd input(TRY(os::check(::memfd_create("state", MFD_CLOEXEC)), "make a file for the state"));
        TRY(os::writeAll(input, m_surroundings.state));
        TRY(os::check(::lseek(input.value(), 0, SEEK_SET)));
        os::Pipe report = TRY(os::makePipe());
        os::Pipe output;
        os::Pipe errorOutput;
        if (m_surroundings.output.value() < 0)
            output = TRY(os::makePipe());
        if (m_surroundings.errorOutput.value() < 0)
            errorOutput = TRY(os::makePipe());

        std::vector<std::string> words = m_hook.args.empty() ? std::vector{m_hook.path} : m_hook.args;
        std::vector<std::string> given = m_hook.env;
        if (given.empty() && m_surroundings.environment)
            given = *m_surroundings.environment;
        const std::vector<char*> argv = os::pointersOf(words);
        std::vector<char*> envp = os::pointersOf(given);
        char** const environment = m_hook.env.empty() && !m_surroundings.environment ? environ : envp.data();

        m_child = TRY(os::cloneProcess(0), "clone3");
        if (m_child.pid == 0)
            becomeHook(m_hook, m_surroundings, argv, environment,
                       {input.value(), output.writeEnd.valid() ? output.writeEnd.value() : m_surroundings.output.value(),
                        errorOutput.writeEnd.valid() ? errorOutput.writeEnd.value() : m_surroundings.errorOutput.value()},
                       report.writeEnd.value());
        report.writeEnd.reset();
        int error = 0;
        ssize_t count;
        do
            count = ::read(report.readEnd.value(), &error, sizeof error);
        while (count < 0 && errno == EINTR);
        if (count == sizeof error) {
            (void)os::reap(m_child.pidfd);
            return fail(Error{errorCodeFromErrno(error), error, reasonOf(error)});
        }
        m_streams[0] = {std::move(output.readEnd), {}};
        m_streams[1] = {std::move(errorOutput.readEnd), {}};
        return {};
    }

    // Until the process has ended. What it started and left behind may hold its streams open: that is not waited for.
    Result<> serve()
    {
        for (;;) {
            int wait = -1;
            if (m_deadline) {
                const auto left = std::chrono::ceil<std::chrono::milliseconds>(*m_deadline - Clock::now()).count();
                if (left <= 0)
                    return fail(ErrorCode::Cancelled, "hook ran past specified timeout of {}s", *m_hook.timeout);
                wait = int(std::min<std::int64_t>(left, INT_MAX));
            }
            pollfd polled[3]{{m_child.pidfd.value(), POLLIN, 0},
                             {m_streams[0].fd.value(), POLLIN, 0},
                             {m_streams[1].fd.value(), POLLIN, 0}};
            if (::poll(polled, 3, wait) < 0 && errno != EINTR)
                return fail(Error::fromErrno(errno).in("wait for the hook"));
            for (int i = 0; i < 2; ++i)
                if (polled[1 + i].revents != 0)
                    drain(m_streams[i]);
            if (polled[0].revents != 0) {
                for (Stream& stream : m_streams)
                    while (stream.fd.valid() && readable(stream.fd))
                        drain(stream);
                return {};
            }
        }
    }

    struct Stream {
        UniqueFd fd;
        std::string kept;
    };

    static bool readable(BorrowedFd fd)
    {
        pollfd polled{fd.value(), POLLIN, 0};
        return ::poll(&polled, 1, 0) == 1;
    }

    static void drain(Stream& stream)
    {
        char buffer[4096];
        const ssize_t count = ::read(stream.fd.value(), buffer, sizeof buffer);
        if (count > 0)
            stream.kept.append(buffer, std::min(std::size_t(count), keptOutput - stream.kept.size()));
        else if (count == 0 || errno != EINTR)
            stream.fd.reset();
    }

    Result<> judge(os::ExitStatus status) const
    {
        if (status.code == 0)
            return {};
        std::string what = status.signal != 0 ? "hook killed by signal: " + uncapitalized(::strsignal(status.signal))
                                              : std::format("hook failed with exit code {}", status.code);
        const char* const names[2]{"stdout", "stderr"};
        for (int i = 0; i < 2; ++i)
            if (!m_streams[i].kept.empty())
                what += std::format(", {}: {}", names[i], m_streams[i].kept);
        return fail(Error{ErrorCode::FailedPrecondition, 0, std::move(what)});
    }

    const spec::Hook& m_hook;
    const Surroundings& m_surroundings;
    std::optional<Clock::time_point> m_deadline;
    os::Child m_child;
    Stream m_streams[2];
};

Result<> runNamed(std::string_view kind, std::size_t index, const spec::Hook& hook, const Surroundings& surroundings)
{
    auto done = run(hook, surroundings);
    if (!done)
        done.error().what = std::format("error running {} hook #{}: {} {}", kind, index, kind, done.error().what);
    return done;
}

} // namespace

Result<> run(const spec::Hook& hook, const Surroundings& surroundings)
{
    return Run(hook, surroundings).run();
}

Result<> runAll(std::string_view kind, const std::vector<spec::Hook>& hooks, const Surroundings& surroundings)
{
    for (std::size_t i = 0; i < hooks.size(); ++i)
        TRY(runNamed(kind, i, hooks[i], surroundings));
    return {};
}

std::vector<Error> runEvery(std::string_view kind, const std::vector<spec::Hook>& hooks, const Surroundings& surroundings)
{
    std::vector<Error> failures;
    for (std::size_t i = 0; i < hooks.size(); ++i)
        if (auto done = runNamed(kind, i, hooks[i], surroundings); !done)
            failures.push_back(std::move(done).error());
    return failures;
}

} // namespace rocker::hook
