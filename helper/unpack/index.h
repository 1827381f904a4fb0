#pragma once

#include "engine/image/worker_messages.h"

namespace rocker::unpack {

// What images the archive on InputFd holds: a docker-archive (manifest.json) or an OCI layout (index.json) as a tar,
// itself compressed or not. Documents are read and checked against their digests; layers are only located.
Result<image::IndexOutcome> indexArchive(const image::IndexRequest& request);

} // namespace rocker::unpack
