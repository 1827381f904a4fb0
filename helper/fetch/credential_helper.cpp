#include "helper/fetch/credentials.h"

#include "engine/base/scope_exit.h"
#include "engine/json/json.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

// The protocol of docker-credential-helpers: the server's address on standard input, JSON or a sentence on standard
// output.
namespace rocker::fetch {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t inputLimit = 16 << 10;
constexpr std::size_t answerLimit = 256 << 10;
constexpr auto patience = 30s;

// What `store` is told.
struct Kept {
    std::string server;
    std::string user;
    std::string secret;
    static constexpr auto fields()
    {
        return std::tuple(json::required("ServerURL", &Kept::server), json::required("Username", &Kept::user),
                          json::required("Secret", &Kept::secret));
    }
};

struct Secret {
    std::string user;
    std::string secret;
    static constexpr auto fields()
    {
        return std::tuple(json::required("Username", &Secret::user), json::required("Secret", &Secret::secret));
    }
};

bool isProgramName(std::string_view name)
{
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'
            || c == '.';
    });
}

Result<std::string> findProgram(const std::string& name, const std::string& directories)
{
    for (std::string_view rest = directories; !rest.empty();) {
        const std::size_t end = std::min(rest.find(':'), rest.size());
        std::string path = std::format("{}/{}", rest.substr(0, end), name);
        if (::access(path.c_str(), X_OK) == 0)
            return path;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return fail(ErrorCode::NotFound, "the credential helper '{}' is in none of {}", name, directories);
}

Result<pid_t> spawn(
    const std::string& program, const std::string& verb, const Person& person, BorrowedFd input, BorrowedFd output)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    const ScopeExit destroy([&] {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    });
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_adddup2(&actions, input.value(), 0);
    posix_spawn_file_actions_adddup2(&actions, output.value(), 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    std::vector<std::string> words{program, verb};
    std::vector<std::string> environment{"PATH=" + person.programs, "HOME=" + person.home,
                                         "XDG_RUNTIME_DIR=" + person.runtimeDirectory,
                                         "DBUS_SESSION_BUS_ADDRESS=unix:path=" + person.runtimeDirectory + "/bus"};
    pid_t pid = 0;
    if (const int errnum = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, os::pointersOf(words).data(),
                                         os::pointersOf(environment).data()))
        return fail(Error::fromErrno(errnum).in("start '" + program + "'"));
    return pid;
}

Result<std::string> readAnswer(BorrowedFd output)
{
    std::string answer;
    char buffer[4096];
    for (const auto deadline = Clock::now() + patience;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd entry{output.value(), POLLIN, 0};
        if (left <= 0ms || ::poll(&entry, 1, int(left.count())) == 0)
            return fail(ErrorCode::Unavailable, "it has not answered within {} s", patience.count());
        const ssize_t count = ::read(output.value(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(Error::fromErrno(errno));
        if (count == 0)
            return answer;
        answer.append(buffer, std::size_t(count));
        if (answer.size() > answerLimit)
            return fail(ErrorCode::Corrupt, "it answers more than {} bytes", answerLimit);
    }
}

// What the helper says, or nothing where it does not know the server.
Result<std::optional<std::string>> call(
    const std::string& name, const std::string& verb, const std::string& input, const Person& person)
{
    if (!isProgramName(name))
        return fail(ErrorCode::InvalidArgument, "'{}' is not a credential helper's name", name.substr(0, 80));
    const std::string program = TRY(findProgram("docker-credential-" + name, person.programs));
    os::Pipe question = TRY(os::makePipe());
    os::Pipe answer = TRY(os::makePipe());
    const pid_t pid = TRY(spawn(program, verb, person, question.readEnd, answer.writeEnd));
    question.readEnd.reset();
    answer.writeEnd.reset();
    // The pipe holds this much; one that does not read it must not be waited for.
    if (input.size() < inputLimit)
        (void)os::writeAll(question.writeEnd, input + "\n");
    question.writeEnd.reset();
    auto said = readAnswer(answer.readEnd);
    if (!said)
        ::kill(pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) { }
    std::string text = TRY(std::move(said), "'{}'", program);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        if (text.contains("credentials not found"))
            return std::optional<std::string>();
        return fail(ErrorCode::Unavailable, "'{}' has failed: {}", program, text.substr(0, 200));
    }
    return std::optional(std::move(text));
}

} // namespace

Result<std::optional<Credentials>> askCredentialHelper(
    const std::string& name, const std::string& registry, const Person& person)
{
    const auto text = TRY(call(name, "get", registry, person));
    if (!text)
        return std::optional<Credentials>();
    const auto secret = json::readText<Secret>(*text, json::UnknownKeys::Ignore);
    if (!secret)
        return fail(ErrorCode::Corrupt, "the credential helper '{}' does not answer with credentials", name);
    if (secret->user == "<token>")
        return Credentials{.identityToken = secret->secret};
    return Credentials{secret->user, secret->secret, {}};
}

Result<> tellCredentialHelper(
    const std::string& name, const std::string& registry, const Credentials& credentials, const Person& person)
{
    const std::string input = json::dump(json::write(Kept{registry, credentials.user, credentials.password}));
    if (input.size() >= inputLimit)
        return fail(ErrorCode::InvalidArgument, "the password is too long for a credential helper");
    return TRY(call(name, "store", input, person)), Result<>{};
}

Result<bool> clearCredentialHelper(const std::string& name, const std::string& registry, const Person& person)
{
    if (!TRY(call(name, "get", registry, person))) // some erase what they do not have
        return false;
    return TRY(call(name, "erase", registry, person)).has_value();
}

} // namespace rocker::fetch
