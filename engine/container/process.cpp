#include "engine/container/process.h"

#include "engine/capability/capability.h"
#include "engine/container/user.h"
#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/syscall.h"

#include <algorithm>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <grp.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace rocker::container {

namespace {

constexpr const char* defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::string variable(const std::vector<std::string>& environment, std::string_view name)
{
    std::string value;
    for (const std::string& entry : environment)
        if (entry.starts_with(name) && entry.size() > name.size() && entry[name.size()] == '=')
            value = entry.substr(name.size() + 1);
    return value;
}

Result<> becomeUser(const UserIdentity& identity)
{
    TRY(os::checkDone(::setgroups(identity.groups.size(), identity.groups.data())), "set the supplementary groups");
    TRY(os::checkDone(::setresgid(identity.gid, identity.gid, identity.gid)), "become group {}", identity.gid);
    TRY(os::checkDone(::setresuid(identity.uid, identity.uid, identity.uid)), "become user {}", identity.uid);
    return {};
}

Result<> enterWorkingDirectory(const std::string& path)
{
    if (::chdir(path.c_str()) == 0)
        return {};
    if (errno == ENOENT)
        TRY(os::makeDirectories(path, 0755));
    return TRY(os::checkDone(::chdir(path.c_str())), "enter the working directory '{}'", path), Result<>{};
}

// execvpe(3)'s search, with the container's PATH and an error that says which of the two ways it failed.
Error execute(const std::vector<std::string>& arguments, std::vector<std::string> environment)
{
    std::vector<std::string> words = arguments;
    const std::vector<char*> argv = os::pointersOf(words);
    const std::vector<char*> envp = os::pointersOf(environment);
    const std::string& command = arguments.front();
    std::string path = variable(environment, "PATH");
    if (path.empty())
        path = defaultPath;
    if (command.contains('/'))
        path.clear();

    int denied = 0;
    for (std::size_t start = 0;;) {
        const std::size_t end = std::min(path.find(':', start), path.size());
        const std::string prefix = path.substr(start, end - start);
        const std::string candidate = command.contains('/') ? command : (prefix.empty() ? "." : prefix) + "/" + command;
        ::execve(candidate.c_str(), argv.data(), envp.data());
        if (errno != ENOENT && errno != ENOTDIR)
            denied = errno;
        if (end >= path.size() || command.empty())
            break;
        start = end + 1;
    }
    if (denied != 0)
        return Error::fromErrno(denied).in(std::format("execute '{}'", command)).as(ErrorCode::CommandNotExecutable);
    const char* const where = command.contains('/') ? "" : " in its PATH";
    return {ErrorCode::CommandNotFound, ENOENT, std::format("the container has no command '{}'{}", command, where)};
}

Result<> prepare(const ProcessSpec& spec, std::vector<std::string>& environment)
{
    const std::string passwd = os::readFile("/etc/passwd", 1 << 20).value_or("");
    const std::string group = os::readFile("/etc/group", 1 << 20).value_or("");
    const UserIdentity identity = TRY(resolveUser(spec.user, passwd, group));
    capability::Set capabilities;
    for (const std::string& name : spec.capabilities)
        capabilities.insert(TRY(capability::fromName(name)));

    environment = spec.environment;
    if (variable(environment, "PATH").empty())
        environment.push_back(std::string("PATH=") + defaultPath);
    if (variable(environment, "HOME").empty())
        environment.push_back("HOME=" + identity.home);
    if (spec.tty && variable(environment, "TERM").empty())
        environment.push_back("TERM=xterm-256color");

    TRY(enterWorkingDirectory(spec.workingDirectory.empty() ? "/" : spec.workingDirectory));
    TRY(capability::limitBoundingTo(capabilities));
    TRY(becomeUser(identity));
    // capabilities(7): who leaves uid 0 has lost the effective and permitted sets; only root keeps the container's.
    TRY(capability::limitTo(identity.uid == 0 ? capabilities : capability::Set{}));
    return {};
}

} // namespace

Result<Terminal> openTerminal(BorrowedFd pts, std::optional<TerminalDimensions> size)
{
    UniqueFd master = TRY(os::open(pts, "ptmx", O_RDWR | O_NOCTTY), "open a pseudoterminal");
    const int unlock = 0;
    TRY(os::checkDone(::ioctl(master.value(), TIOCSPTLCK, &unlock)), "unlock the pseudoterminal");
    UniqueFd slave(TRY(os::check(::ioctl(master.value(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)), "open the terminal"));
    const TerminalDimensions wanted = size.value_or(TerminalDimensions{80, 24});
    const winsize window{.ws_row = wanted.rows, .ws_col = wanted.columns, .ws_xpixel = 0, .ws_ypixel = 0};
    TRY(os::checkDone(::ioctl(slave.value(), TIOCSWINSZ, &window)), "set the terminal's size");
    return Terminal{std::move(master), std::move(slave)};
}

Result<> takeStreams(const ProcessSpec& spec, const Terminal& terminal, const StandardStreams& streams)
{
    if (spec.tty)
        TRY(os::checkDone(::ioctl(terminal.slave.value(), TIOCSCTTY, 0)), "take the controlling terminal");
    const int sources[3]{spec.tty ? terminal.slave.value() : streams.input.value(),
                         spec.tty ? terminal.slave.value() : streams.output.value(),
                         spec.tty ? terminal.slave.value() : streams.errorOutput.value()};
    for (int target = 0; target < 3; ++target)
        TRY(os::checkDone(::dup2(sources[target], target)), "set up standard stream {}", target);
    return {};
}

Error becomeCommand(const ProcessSpec& spec)
{
    std::vector<std::string> environment;
    if (auto prepared = prepare(spec, environment); !prepared)
        return std::move(prepared).error();
    os::resetSignals();
    return execute(spec.arguments, std::move(environment));
}

} // namespace rocker::container
