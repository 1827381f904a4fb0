#pragma once

#include "engine/base/result.h"
#include "engine/container/process_spec.h"
#include "engine/container/user.h"

#include <string>
#include <vector>

// What a process does to itself inside the container's namespaces, on its way to the command.
namespace rocker::container {

struct Terminal {
    UniqueFd master;
    UniqueFd slave;
};

// A new pseudoterminal of the devpts instance in `pts` (pty(7)), of the wanted size; without one it has none (0 x 0).
Result<Terminal> openTerminal(BorrowedFd pts, std::optional<TerminalDimensions> size);

// Makes the terminal, or the streams, 0, 1 and 2; with a terminal also the controlling one of the session that the
// caller leads.
Result<> takeStreams(const ProcessSpec& spec, const Terminal& terminal, const StandardStreams& streams);

// Nobody who enters the container's namespaces early may trace this process or open what it has open (prctl(2),
// PR_SET_DUMPABLE; CVE-2016-9962). A change of ids may undo it: Command::renounce() says it again.
void hideFromTracers();

// The three parts of becoming the command, in their order, each by a process that is alone (one thread) in the
// container's root and has its standard streams. What the host alone may change is the parent's: see attributes.h.
class Command
{
public:
    // `spec` outlives this.
    explicit Command(const ProcessSpec& spec) : m_spec(spec) {}

    // With the container's root's privileges and nothing lost yet: joins the keyring, sets memory policy, personality and
    // labels, looks up the user, the working directory and the executable, all errors of which show before the
    // container is said to be created. An executable that is not there: CommandNotFound or CommandNotExecutable.
    Result<> prepare();

    // Gives up for good what the command must not have: new privileges, ids, groups, capabilities; makes sure that the
    // working directory is inside (CVE-2024-21626). After it the process is the command's user.
    Result<> renounce();

    // Closes every descriptor from 3 up but the preserved ones and `kept` (close-on-exec: who reports a failure, and what
    // loadSeccomp uses), loads the filter when that comes last, and executes. Returns only an error.
    Error execute(std::vector<int> kept);

    // NAME=value of the command: each name once, HOME among them. Set by prepare().
    const std::vector<std::string>& environment() const { return m_environment; }
    // What was asked for and could not be had, without being an error (config.md: capabilities). Empties the list.
    std::vector<std::string> takeWarnings() { return std::exchange(m_warnings, {}); }

private:
    Result<> findUser();
    Result<> label();
    Result<> enterWorkingDirectory();
    Result<> setGroups();
    Result<> becomeUser();
    std::string_view path() const;

    const ProcessSpec& m_spec;
    UserIdentity m_user;
    std::vector<std::string> m_environment;
    std::string m_executable;
    std::vector<std::string> m_warnings;
    bool m_inWorkingDirectory = false;
};

} // namespace rocker::container
