#include "engine/bundle/life_hooks.h"

#include "engine/hook/hook.h"
#include "engine/os/file.h"

#include <fcntl.h>
#include <ranges>

namespace rocker::bundle {

namespace {

Result<UniqueFd> openOutput(const spec::Spec& spec, const char* annotation, BorrowedFd bundle)
{
    const auto path = spec.annotations.find(annotation);
    if (path == spec.annotations.end())
        return UniqueFd();
    return TRY(os::open(bundle, path->second, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY, 0700), "{}: '{}'", annotation, path->second);
}

Result<> runIn(const std::string& bundle, const spec::Spec& spec, std::string_view kind, const std::vector<spec::Hook>& hooks,
               const std::string& state)
{
    if (hooks.empty())
        return {};
    const UniqueFd directory = TRY(os::open(bundle, O_PATH | O_DIRECTORY), "open '{}'", bundle);
    const HookStreams streams = TRY(HookStreams::open(spec, directory));
    return hook::runAll(kind, hooks, {.state = state, .directory = directory, .output = streams.output,
                                      .errorOutput = streams.errorOutput});
}

} // namespace

Result<HookStreams> HookStreams::open(const spec::Spec& spec, BorrowedFd bundle)
{
    return HookStreams{TRY(openOutput(spec, "run.oci.hooks.stdout", bundle)), TRY(openOutput(spec, "run.oci.hooks.stderr", bundle))};
}

Result<> runCreateRuntime(const spec::Spec& spec, const std::string& bundle, const std::string& created,
                          const std::string& creating)
{
    if (!spec.hooks)
        return {};
    TRY(runIn(bundle, spec, "prestart", spec.hooks->prestart, created));
    return runIn(bundle, spec, "createRuntime", spec.hooks->createRuntime, creating);
}

Result<> runPoststart(const spec::Spec& spec, const std::string& bundle, const std::string& state)
{
    return spec.hooks ? runIn(bundle, spec, "poststart", spec.hooks->poststart, state) : Result<>{};
}

void runPoststop(const spec::Spec& spec, const std::string& bundle, const std::string& state,
                 const std::function<void(const std::string&)>& warn)
{
    if (!spec.hooks || spec.hooks->poststop.empty())
        return;
    const auto directory = os::open(bundle, O_PATH | O_DIRECTORY); // the bundle may be gone by then
    const BorrowedFd place = directory ? directory->borrow() : BorrowedFd(-1);
    auto streams = HookStreams::open(spec, directory ? place : os::currentDirectory);
    if (!streams)
        warn(streams.error().what);
    hook::Surroundings surroundings{.state = state, .directory = place};
    if (streams) {
        surroundings.output = streams->output;
        surroundings.errorOutput = streams->errorOutput;
    }
    for (const Error& error : hook::runEvery("poststop", spec.hooks->poststop, surroundings))
        warn(error.what);
}

void warnOfEach(std::string_view lines, const std::function<void(const std::string&)>& warn)
{
    for (const auto line : lines | std::views::split('\n'))
        if (!line.empty())
            warn(std::string(line.begin(), line.end()));
}

} // namespace rocker::bundle
