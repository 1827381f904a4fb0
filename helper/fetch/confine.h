#pragma once

#include "engine/base/result.h"
#include "engine/image/registry_messages.h"

namespace rocker::fetch {

// First of all: the caller's ids and groups, no capability, no way to new privileges. An unprivileged helper of one
// user's own changes nothing of its ids. `open` descriptors are there already, beside the usual ones.
Result<> becomeCaller(const image::FetchCaller& caller, std::size_t open = 0);

// Before the first byte from outside is read, once credentials and certificates are there, and while there is one
// thread: nothing may be written or executed any more, only what the resolver and TLS need may be opened (landlock(7);
// left out on a kernel without it), and system calls that a client of HTTP does not make fail (seccomp(2)).
Result<> closeBehind();

} // namespace rocker::fetch
