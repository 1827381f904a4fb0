#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "helper/services/request.h"

#include <string>

namespace rocker {

// Opens `path` (absolute) in a child process that has become the caller (credentials(7): groups, gid, uid, no
// capabilities) and hands the descriptor back, so that root's rights never widen what a caller may name. Links of
// /proc that jump to an open file are not followed (openat2(2), RESOLVE_NO_MAGICLINKS). `flags` as in open(2);
// O_CLOEXEC, O_NOCTTY and O_NONBLOCK are added: a FIFO opens at once, what it is the receiver must look at.
// Gives up after 5 seconds (a dead network file system).
Result<UniqueFd> openAsCaller(const Caller& caller, const std::string& path, int flags);

} // namespace rocker
