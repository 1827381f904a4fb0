#pragma once

#include "engine/image/worker_messages.h"

namespace rocker::unpack {

// One layer from InputFd, decompressed, to OutputFd; both of its digests are checked against every byte.
Result<image::StreamOutcome> streamLayer(const image::StreamRequest& request);

} // namespace rocker::unpack
