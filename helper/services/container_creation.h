#pragma once

#include "engine/container/record.h"
#include "engine/container/store.h"
#include "engine/image/image_store.h"
#include "helper/protocol/containers.h"
#include "helper/services/request.h"

namespace rocker {

// A new container's record from what was asked and what the image says; every refusal names the thing that is wrong.
// Nothing is made yet.
Result<container::ContainerInfo> planContainer(const protocol::Create::Parameters& parameters, const Caller& caller,
                                               const image::ResolvedImage& image, const container::Store& store);

} // namespace rocker
