#include "tests/bench/runtime_peer.h"

#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"

#include <charconv>
#include <cstdio>
#include <poll.h>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>

namespace rocker::bench
{

namespace
{

constexpr const char* id = "measured";
constexpr int patienceMilliseconds = 10'000;

// What the program prints, when it ends with 0.
Result<std::string> outputOf(std::vector<std::string> words)
{
    os::Pipe pipe = TRY(os::makePipe());
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipe.writeEnd.value(), 1);
    pid_t pid = 0;
    const int error
        = ::posix_spawnp(&pid, words.front().c_str(), &actions, nullptr, os::pointersOf(words).data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        return fail(Error::fromErrno(error).in("start " + words.front()));
    pipe.writeEnd.reset();
    std::string output;
    char buffer[4096];
    for (ssize_t count; (count = ::read(pipe.readEnd.value(), buffer, sizeof buffer)) > 0;)
        output.append(buffer, std::size_t(count));
    int status = 0;
    TRY(os::check(::waitpid(pid, &status, 0)));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail(ErrorCode::Internal, "{} failed", words.front());
    return output;
}

struct Line {
    int status = -1;
    long long nanoseconds = 0;
    long long microseconds = 0;
    double kibibytes = 0;
};

Result<Line> lineOf(const std::string& text)
{
    Line line;
    if (std::istringstream(text) >> line.status >> line.nanoseconds >> line.microseconds >> line.kibibytes)
        return line;
    return fail(ErrorCode::Internal, "bench_measure printed '{}'", text);
}

// "crun version 1.8.1" and whatever follows becomes "crun 1.8.1".
std::string nameOf(const std::string& version)
{
    std::istringstream words(version);
    std::string program, word, number;
    words >> program >> word >> number;
    return word == "version" ? program + " " + number : program + " " + word;
}

Result<> awaitEnd(const UniqueFd& pidfd)
{
    pollfd entry{pidfd.value(), POLLIN, 0};
    if (::poll(&entry, 1, patienceMilliseconds) != 1)
        return fail(ErrorCode::Unavailable, "the killed container does not end");
    return {};
}

Result<pid_t> pidIn(const std::string& path)
{
    const std::string text = TRY(os::readFile(path));
    pid_t pid = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), pid).ec != std::errc{})
        return fail(ErrorCode::Internal, "'{}' has no pid", path);
    return pid;
}

} // namespace

Result<Measure> measure(const Workplace& place, std::vector<std::string> words, const std::string& what)
{
    settle();
    words.insert(words.begin(), place.program("bench_measure"));
    const Line line = TRY(lineOf(TRY(outputOf(std::move(words)), "{}", what)));
    if (line.status != 0)
        return fail(ErrorCode::Internal, "{}: ended with wait status {:#x}", what, line.status);
    return Measure{std::chrono::nanoseconds(line.nanoseconds), std::chrono::microseconds(line.microseconds),
        line.kibibytes / 1024};
}

Result<RuntimePeer> RuntimePeer::open(const Workplace& place, const std::string& path, std::size_t number)
{
    if (::access(path.c_str(), X_OK) != 0)
        return fail(ErrorCode::NotFound, "{}: not there", path);
    const std::string version = TRY(outputOf({path, "--version"}), "{}", path);
    return RuntimePeer(place, path, std::format("{}/state/{}", place.directory, number), nameOf(version));
}

std::vector<std::string> RuntimePeer::command(std::initializer_list<std::string> words) const
{
    std::vector<std::string> all{m_path, "--root", m_root};
    all.insert(all.end(), words);
    return all;
}

Result<Measure> RuntimePeer::step(Table& table, const char* operation, std::initializer_list<std::string> words)
{
    const Measure taken = TRY(measure(m_place, command(words), m_name + " " + *words.begin()));
    table.add(operation, m_name, taken);
    return taken;
}

Result<> RuntimePeer::turn(Table& table)
{
    const std::string pidFile = m_root + ".pid";
    TRY(step(table, "run", {"run", "--bundle", m_place.bundle("run"), id}));
    const Measure created
        = TRY(step(table, "create", {"create", "--pid-file", pidFile, "--bundle", m_place.bundle("wait"), id}));
    const UniqueFd init = TRY(os::openPidfd(TRY(pidIn(pidFile))), "{}'s container", m_name);
    const Measure started = TRY(step(table, "start", {"start", id}));
    table.add("create + start", m_name, created + started);
    TRY(step(table, "exec", {"exec", id, "/noop"}));
    TRY(step(table, "state", {"state", id}));
    TRY(step(table, "kill", {"kill", id, "KILL"}));
    TRY(awaitEnd(init));
    TRY(step(table, "delete", {"delete", id}));
    return {};
}

void RuntimePeer::clear()
{
    (void)outputOf(command({"delete", "--force", id}));
}

Result<long> RuntimePeer::systemCalls()
{
    const std::string summary = m_root + ".strace";
    std::vector<std::string> words = command({"run", "--bundle", m_place.bundle("run"), id});
    words.insert(words.begin(), {"strace", "-f", "-c", "-o", summary});
    TRY(outputOf(std::move(words)), "{} under strace", m_name);
    // The last line: share, seconds, microseconds for each call, calls, and where some failed errors; "total".
    std::istringstream text(TRY(os::readFile(summary)));
    long calls = 0;
    for (std::string line; std::getline(text, line);) {
        std::istringstream columns(line);
        double share = 0, seconds = 0, each = 0;
        if (line.ends_with("total") && !(columns >> share >> seconds >> each >> calls))
            return fail(ErrorCode::Internal, "strace printed '{}'", line);
    }
    if (calls == 0)
        return fail(ErrorCode::Internal, "strace printed no total");
    return calls;
}

} // namespace rocker::bench
