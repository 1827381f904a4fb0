#include "tests/bench/runc_peer.h"

#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/socket.h"
#include "engine/os/syscall.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <vector>

namespace rocker::bench {

namespace {

constexpr const char* id = "rocker-bench-runc";
constexpr const char* consoleName = "console.sock";
constexpr int patienceMilliseconds = 10'000;

Result<pid_t> start(std::vector<std::string> words)
{
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_RDWR, 0);
    pid_t pid = 0;
    const int error = ::posix_spawnp(&pid, words.front().c_str(), &actions, nullptr, os::pointersOf(words).data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        return fail(Error::fromErrno(error).in("start " + words.front()));
    return pid;
}

Result<> finish(pid_t pid, const char* what)
{
    int status = 0;
    TRY(os::check(::waitpid(pid, &status, 0)));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail(ErrorCode::Internal, "{} failed", what);
    return {};
}

Result<> awaitReadable(BorrowedFd fd, const char* what)
{
    pollfd entry{fd.value(), POLLIN, 0};
    if (::poll(&entry, 1, patienceMilliseconds) != 1)
        return fail(ErrorCode::Unavailable, "{} takes too long", what);
    return {};
}

} // namespace

RuncPeer::RuncPeer(std::string state, std::string terminalBundle, std::string trueBundle)
    : m_state(std::move(state)), m_terminalBundle(std::move(terminalBundle)), m_trueBundle(std::move(trueBundle))
{
}

Result<Clock::duration> RuncPeer::firstByte()
{
    const UniqueFd directory = TRY(os::open(m_terminalBundle, O_RDONLY | O_DIRECTORY), "open '{}'", m_terminalBundle);
    const UniqueFd listener = TRY(os::listenAt(directory, consoleName, SOCK_STREAM, 0600), "listen for the console");
    const auto begin = Clock::now();
    const pid_t runc = TRY(start({"runc", "--root", m_state, "run", "--detach", "--console-socket",
                                  m_terminalBundle + "/" + consoleName, "--bundle", m_terminalBundle, id}));
    TRY(awaitReadable(listener, "runc's terminal"));
    const UniqueFd connection(TRY(os::check(::accept4(listener.value(), nullptr, nullptr, SOCK_CLOEXEC))));
    const os::Message message = TRY(os::receiveMessage(connection, 4096, 1), "receive runc's terminal");
    if (message.fds.empty())
        return fail(ErrorCode::Internal, "runc sent no terminal");
    TRY(awaitReadable(message.fds.front(), "the prompt in runc's terminal"));
    const auto took = Clock::now() - begin;
    TRY(finish(runc, "runc run"));
    TRY(finish(TRY(start({"runc", "--root", m_state, "delete", "--force", id})), "runc delete"));
    return took;
}

Result<Clock::duration> RuncPeer::wholeLife()
{
    const auto begin = Clock::now();
    TRY(finish(TRY(start({"runc", "--root", m_state, "run", "--bundle", m_trueBundle, id})), "runc run"));
    return Clock::now() - begin;
}

} // namespace rocker::bench
