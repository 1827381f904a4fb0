#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

namespace rocker::mount {

// tmpcopyup: everything below the directory `from` (O_PATH is enough), made anew below `to`, the root of a file system
// of our own that nobody else can reach yet. Contents, owners, modes, times of change, extended attributes, links and
// nodes; by descriptors, no link is followed, other mounts below `from` are left out. With Top::Take the top
// directory's own owner and mode are taken over as well. In a user namespace what it may not make (device nodes,
// foreign owners) is left out.
enum class Top { Take, Leave };
Result<> copyUp(BorrowedFd from, BorrowedFd to, Top top);

} // namespace rocker::mount
