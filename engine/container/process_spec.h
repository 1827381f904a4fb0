#pragma once

#include "engine/base/frame.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/container/keyring.h"
#include "engine/spec/linux.h"
#include "engine/spec/process.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rocker::container {

// What is executed inside: the container's own command, or one more beside it. The helper and rocker-runtime fill it
// from different documents; from here on they are one.
struct ProcessSpec {
    spec::Process process;
    std::optional<spec::Personality> personality;
    std::optional<spec::MemoryPolicy> memoryPolicy;
    std::optional<SessionKeyring> keyring; // to join; absent: the caller's stays

    // "name", "name:group" and so on, looked up in the container; not empty, it stands for process.user's ids.
    std::string userName;
    // The capabilities are root's: a process of another user has none at all (its bounding set stays limited).
    bool capabilitiesForRootOnly = false;
    bool keepGroups = false;           // the caller's supplementary groups stay
    bool fillEnvironment = false;      // PATH, and TERM with a terminal, when they are not given; HOME always is
    bool makeWorkingDirectory = false; // when it is missing
    bool needsModules = true;          // a label for a security module that the kernel has not is an error, else a warning

    unsigned preservedFds = 0; // descriptors 3 to 2 + N are the command's, but for those that close on exec
    // Loads the system call filter, and hands its listener to who wants it. Called with privileges when
    // noNewPrivileges is off (seccomp(2) asks for them), else as the very last thing before execve(2).
    std::function<Result<>()> loadSeccomp;
};

// process.consoleSize as terminals have it; absent when the document has none, or one that no terminal can have.
std::optional<TerminalDimensions> terminalSize(const spec::Process& process);
void setTerminalSize(spec::Process& process, TerminalDimensions size);

// The container's ends of its standard streams when it has no terminal.
struct StandardStreams {
    UniqueFd input;
    UniqueFd output;
    UniqueFd errorOutput;
    std::vector<int> numbers() const { return {input.value(), output.value(), errorOutput.value()}; }
};

} // namespace rocker::container
