#pragma once

#include "engine/base/result.h"

#include <string>
#include <vector>

namespace rocker {

// Where the helper keeps what, and whom it serves: its command line.
struct Configuration {
    std::string stateDirectory = "/var/lib/rocker";
    std::string runDirectory = "/run/rocker";
    std::string socketPath;  // <run>/helper.sock unless given
    std::string group = "rocker";
    std::string cgroupParent = "rocker";
    std::string monitorPath; // rocker-monitor beside the helper, else in /usr/libexec/rocker, unless given
    std::string unpackPath;  // rocker-unpack, likewise
    std::string fetchPath;   // rocker-fetch, likewise
    std::string registriesPath = "/etc/rocker/registries.json"; // read at each pull; it need not exist

    bool showHelp = false;
    bool showVersion = false;
};

Result<Configuration> readConfiguration(const std::vector<std::string>& arguments);
std::string configurationHelp();

} // namespace rocker
