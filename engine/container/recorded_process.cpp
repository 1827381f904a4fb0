#include "engine/container/recorded_process.h"

namespace rocker::container {

ProcessSpec processOf(const ContainerInfo& info, std::optional<TerminalDimensions> size)
{
    const Settings& settings = info.settings;
    const std::vector<std::string>& names = settings.capabilities;
    ProcessSpec spec{.process = {.terminal = settings.tty,
                                 .args = info.args,
                                 .env = settings.environment,
                                 .cwd = settings.workingDirectory,
                                 .capabilities = spec::Capabilities{names, names, names, names, {}}},
                     .userName = settings.user,
                     .capabilitiesForRootOnly = true,
                     .fillEnvironment = true,
                     .makeWorkingDirectory = true};
    if (size)
        setTerminalSize(spec.process, *size);
    return spec;
}

} // namespace rocker::container
