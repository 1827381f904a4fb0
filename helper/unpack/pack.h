#pragma once

#include "engine/image/worker_messages.h"

namespace rocker::unpack {

// The OCI layout in the directory on InputFd becomes a tar on OutputFd, which then is an archive like any other. Every
// file is opened beneath the directory, through no link, with the rights that this process has: the caller's.
Result<> packLayout(const image::PackRequest& request);

} // namespace rocker::unpack
