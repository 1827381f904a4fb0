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

// Forks it. `life` runs in the process and must not return; the entrance has been used by then. On failure nothing
// remains. (clone(2), user_namespaces(7))
Result<Newborn> bear(const Namespaces& namespaces, const cgroup::Cgroup* cgroup, const std::function<void(ChildEnd)>& life);

// The same in the namespaces of a running process: `target` is a pidfd of it, `types` are those that it does not share
// with us.
Result<Newborn> bearInside(BorrowedFd target, int types, const cgroup::Cgroup* cgroup, const std::function<void(ChildEnd)>& life);

} // namespace rocker::container
