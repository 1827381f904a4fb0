#pragma once

#include "engine/json/json.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rocker::image {

// What of an image's configuration the new image has otherwise; absent: as before.
struct ConfigurationEdits {
    std::optional<std::vector<std::string>> entrypoint;
    std::optional<std::vector<std::string>> command;
    std::vector<std::string> environment;      // NAME=value, in place of earlier ones of the name
    std::map<std::string, std::string> labels; // likewise
    std::vector<std::string> exposedPorts;     // added
    std::vector<std::string> volumes;          // added
    std::optional<std::string> workingDirectory;
    std::optional<std::string> user;
    std::optional<std::string> stopSignal;
    bool operator==(const ConfigurationEdits&) const = default;
    static constexpr auto fields()
    {
        using json::defaulted;
        using E = ConfigurationEdits;
        return std::tuple(defaulted("entrypoint", &E::entrypoint), defaulted("command", &E::command),
                          defaulted("environment", &E::environment), defaulted("labels", &E::labels),
                          defaulted("exposedPorts", &E::exposedPorts), defaulted("volumes", &E::volumes),
                          defaulted("workingDirectory", &E::workingDirectory), defaulted("user", &E::user),
                          defaulted("stopSignal", &E::stopSignal));
    }
};

} // namespace rocker::image
