#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/mount/plan.h"

// What parent and child both do to the detached mount of a bind.
namespace rocker::mount {

// The step's attributes, then the propagation it asks for, on top of `inherited` (MS_…, what rootfsPropagation makes of
// the host's mounts; 0 for a mount that was private anyway). What the source's mount has locked (mount_namespaces(7))
// and nobody named is kept; a named one that would have to be cleared is EPERM.
Result<> applyAttributes(BorrowedFd tree, const Step& step, unsigned long inherited);

// What rootfsPropagation means for a copy of a mount of the host: by default it follows the host and gives nothing
// back.
unsigned long inheritedPropagation(unsigned long rootPropagation);

// Attributes of an existing mount as MOUNT_ATTR_… (fstatfs(2)).
Result<std::uint64_t> currentAttributes(BorrowedFd mount);

} // namespace rocker::mount
