#pragma once

#include "engine/layout/look_messages.h"

#include <functional>

namespace rocker::unpack {

using SayProgress = std::function<void(const image::WorkerProgress&)>;

// See OpenRequest, LookRequest and TakeRequest.
Result<layout::OpenOutcome> openArchive(const layout::OpenRequest& request, const SayProgress& say);
Result<layout::LookOutcome> lookAtLayer(const layout::LookRequest& request, const SayProgress& say);
Result<> takeFiles(const layout::TakeRequest& request);

} // namespace rocker::unpack
