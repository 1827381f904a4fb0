#pragma once

#include <string>

namespace rocker::container {

// Where an engine keeps its things; one setting each, so that two engines on a machine never meet.
struct EngineConfig {
    std::string stateDirectory = "/var/lib/rocker"; // what survives a reboot
    std::string runDirectory = "/run/rocker";       // what a reboot clears
    std::string cgroupParent = "rocker";            // in every hierarchy
    std::string monitorPath;                        // the rocker-monitor program

    std::string containersDirectory() const { return stateDirectory + "/containers"; }
    std::string overlayDirectory() const { return stateDirectory + "/overlay2"; }
    std::string workspaceOf(const std::string& id) const { return overlayDirectory() + "/" + id; }
    // Of a layer by its chain ID ("sha256:…"), as the image store unpacks it.
    std::string layerOf(const std::string& chainId) const
    {
        return overlayDirectory() + "/" + chainId.substr(chainId.find(':') + 1) + "/diff";
    }
    std::string monitorsDirectory() const { return runDirectory + "/monitors"; }
};

} // namespace rocker::container
