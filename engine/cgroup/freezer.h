#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/cgroup/layout.h"

// Stopping and continuing all processes of a cgroup (cgroup-v1/freezer-subsystem.rst; cgroup-v2.rst, "cgroup.freeze").
// `group` is its directory in the freezer's hierarchy (v1) or in the v2 one.
namespace rocker::cgroup {

// Returns when all are frozen. v1 may stay FREEZING while processes are born or come in: tried again, now and then
// after a moment of thaw, for a few seconds at most. When it fails the cgroup is thawed.
Result<> freeze(BorrowedFd group, Version version);
Result<> thaw(BorrowedFd group, Version version);
// Whether it is frozen by itself, not by one above it.
Result<bool> isFrozen(BorrowedFd group, Version version);

} // namespace rocker::cgroup
