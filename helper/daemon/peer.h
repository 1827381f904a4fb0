#pragma once

#include "engine/base/result.h"
#include "helper/services/request.h"

namespace rocker {

// Who is at the other end of a connected Unix socket: the credentials the kernel noted when it connected.
Result<Caller> callerOf(BorrowedFd socket);

} // namespace rocker
