#pragma once

#include "engine/cgroup/cgroup.h"
#include "engine/container/channel.h"
#include "engine/container/namespaces.h"
#include "engine/os/process.h"

#include <functional>

namespace rocker::container {

// A container's process at its birth: in its cgroup and namespaces, its ids mapped, waiting for what it is told.
struct Newborn {
    os::Child process; // our child
    ParentEnd channel;
};

// Where in the cgroups: nowhere in particular (the creator's), a container's, or below it.
struct Place {
    const cgroup::Cgroup* cgroup = nullptr;
    cgroup::Cgroup::Below below = {};
};

// Forks it. `life` runs in the process and must not return; the cgroup has been entered by then. On failure nothing
// remains. (clone(2), user_namespaces(7))
Result<Newborn> bear(const Namespaces& namespaces, const Place& place, const std::function<void(ChildEnd)>& life);

// The same in the namespaces, and in the root directory, of the running process `pid`, of which `target` is a pidfd.
Result<Newborn> bearInside(BorrowedFd target, pid_t pid, const Place& place, const std::function<void(ChildEnd)>& life);

} // namespace rocker::container
