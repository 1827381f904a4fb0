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
    // Of a container's cgroup, from the root of every hierarchy.
    std::string cgroupPlaceOf(const std::string& id) const
    {
        const std::size_t start = cgroupParent.find_first_not_of('/');
        return start == std::string::npos ? id : cgroupParent.substr(start) + "/" + id;
    }
    std::string monitorsDirectory() const { return runDirectory + "/monitors"; }
};

} // namespace rocker::container
