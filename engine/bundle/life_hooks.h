#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/spec/spec.h"

#include <functional>
#include <string>

// The hooks that run in the runtime's own namespaces (config.md, "POSIX-platform Hooks"), in the bundle's directory.
namespace rocker::bundle {

// Where the annotations run.oci.hooks.stdout and .stderr want the output of hooks, as with crun; not valid: nowhere.
struct HookStreams {
    UniqueFd output;
    UniqueFd errorOutput;
    // Relative to the bundle; a missing file is made, mode 0700.
    static Result<HookStreams> open(const spec::Spec& spec, BorrowedFd bundle);
};

// prestart, then createRuntime. Who is old enough to ask for prestart expects a container that is "created".
Result<> runCreateRuntime(const spec::Spec& spec, const std::string& bundle, const std::string& created,
                          const std::string& creating);
Result<> runPoststart(const spec::Spec& spec, const std::string& bundle, const std::string& state);
// All of them, each failure a warning.
void runPoststop(const spec::Spec& spec, const std::string& bundle, const std::string& state,
                 const std::function<void(const std::string&)>& warn);

// What a process has to warn of, one on each line.
void warnOfEach(std::string_view lines, const std::function<void(const std::string&)>& warn);

} // namespace rocker::bundle
