#include "engine/bundle/life_hooks.h"

#include "engine/hook/hook.h"
#include "engine/os/file.h"

#include <ranges>

namespace rocker::bundle {

namespace {

Result<> runIn(const std::string& bundle, std::string_view kind, const std::vector<spec::Hook>& hooks, const std::string& state)
{
    if (hooks.empty())
        return {};
    const UniqueFd directory = TRY(os::open(bundle, O_PATH | O_DIRECTORY), "open '{}'", bundle);
    return hook::runAll(kind, hooks, {.state = state, .directory = directory});
}

} // namespace

Result<> runCreateRuntime(const spec::Hooks& hooks, const std::string& bundle, const std::string& created,
                          const std::string& creating)
{
    TRY(runIn(bundle, "prestart", hooks.prestart, created));
    return runIn(bundle, "createRuntime", hooks.createRuntime, creating);
}

Result<> runPoststart(const spec::Spec& spec, const std::string& bundle, const std::string& state)
{
    return spec.hooks ? runIn(bundle, "poststart", spec.hooks->poststart, state) : Result<>{};
}

void runPoststop(const spec::Spec& spec, const std::string& bundle, const std::string& state,
                 const std::function<void(const std::string&)>& warn)
{
    if (!spec.hooks || spec.hooks->poststop.empty())
        return;
    const auto directory = os::open(bundle, O_PATH | O_DIRECTORY); // the bundle may be gone by then
    for (const Error& error : hook::runEvery("poststop", spec.hooks->poststop,
                                             {.state = state, .directory = directory ? directory->borrow() : BorrowedFd(-1)}))
        warn(error.what);
}

void warnOfEach(std::string_view lines, const std::function<void(const std::string&)>& warn)
{
    for (const auto line : lines | std::views::split('\n'))
        if (!line.empty())
            warn(std::string(line.begin(), line.end()));
}

} // namespace rocker::bundle
