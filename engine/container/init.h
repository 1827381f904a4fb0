#pragma once

#include "engine/cgroup/cgroup.h"
#include "engine/container/channel.h"
#include "engine/container/process_spec.h"

#include <string>
#include <vector>

namespace rocker::container {

// What the container's first process needs to know; all of it decided before it is born.
struct InitSpec {
    ProcessSpec process;
    std::string hostname;
    struct BindTarget {
        std::string target;
        bool directory = true;
    };
    std::vector<BindTarget> binds; // the mounts themselves come with the go-ahead, in this order
};

// The first process of a new container, from its cgroup to its command. Runs in the new namespaces with the
// container's root id; the descriptors of the go-ahead are the root file system, /dev, then the binds. Never returns.
[[noreturn]] void runInit(const InitSpec& spec, cgroup::Entrance entrance, StandardStreams streams, ChildEnd channel);

} // namespace rocker::container
