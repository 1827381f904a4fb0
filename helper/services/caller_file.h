#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "helper/services/request.h"

#include <string>

namespace rocker {

// Opens `path` (absolute) in a child process that has become the caller (credentials(7): groups, gid, uid, no
// capabilities) and hands the descriptor back, so that root's rights never widen what a caller may name.
// `flags` as in open(2). Gives up after 5 seconds (a dead network file system).
Result<UniqueFd> openAsCaller(const Caller& caller, const std::string& path, int flags);

} // namespace rocker
