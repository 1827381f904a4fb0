#pragma once

#include "engine/base/result.h"
#include "engine/image/configuration_edits.h"

namespace rocker {

// Of the parameters of a commit or of an import, which say it in the same words.
template<typename Parameters>
image::ConfigurationEdits editsOf(const Parameters& parameters)
{
    return {.entrypoint = parameters.entrypoint,
            .command = parameters.command,
            .environment = parameters.environment,
            .labels = parameters.labels,
            .exposedPorts = parameters.exposedPorts,
            .volumes = parameters.volumes,
            .workingDirectory = parameters.workingDirectory,
            .user = parameters.user,
            .stopSignal = parameters.stopSignal};
}

// InvalidArgument for what no configuration can say. (image_commits.cpp)
Result<image::ConfigurationEdits> checkedEdits(image::ConfigurationEdits edits);

} // namespace rocker
