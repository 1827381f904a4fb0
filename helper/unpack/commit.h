#pragma once

#include "engine/image/commit_messages.h"

namespace rocker::unpack {

// See CommitRequest. The working directory is the root of the process: the container's changes.
Result<image::IndexOutcome> commitChanges(const image::CommitRequest& request);

} // namespace rocker::unpack
