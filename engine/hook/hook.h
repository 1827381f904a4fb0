#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/spec/spec.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

// Programs that a container's document wants run at the turns of its life (config.md, "POSIX-platform Hooks"; runtime.md,
// "Lifecycle"). They are forked from the caller, which has one thread, and run in its namespaces; all of it blocks.
namespace rocker::hook {

struct Surroundings {
    std::string state;        // JSON, on standard input; who does not read it misses it
    BorrowedFd directory{-1}; // to run in; none: where the caller is
    // Of hooks that name no environment; none: the caller's own, as other runtimes do.
    const std::vector<std::string>* environment = nullptr;
    // Where its streams go; none: kept for the error, 4 KiB of each.
    BorrowedFd output{-1};
    BorrowedFd errorOutput{-1};
    // What the process does to itself last, a system call filter, say; none: nothing.
    const std::function<Result<>()>* confine = nullptr;
};

// Runs one to its end: argv and environment exactly as given, default signals, no descriptor but the standard ones. Not
// ending with 0, not being executable and outliving its timeout (killed) are errors, which begin with "hook". What it
// starts in the background is not waited for.
Result<> run(const spec::Hook& hook, const Surroundings& surroundings);

// In their order, up to the first that fails: "error running createRuntime hook #1: createRuntime hook …". For every kind
// but poststop: such a failure stops the container.
Result<> runAll(std::string_view kind, const std::vector<spec::Hook>& hooks, const Surroundings& surroundings);

// All of them, whatever becomes of the others (poststop); what went wrong is for a warning each.
std::vector<Error> runEvery(std::string_view kind, const std::vector<spec::Hook>& hooks, const Surroundings& surroundings);

} // namespace rocker::hook
