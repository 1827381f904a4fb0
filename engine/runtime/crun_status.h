#pragma once

#include "engine/base/result.h"
#include "engine/runtime/record.h"

namespace rocker::runtime {

// The file `status` of a container's state directory, where crun keeps what our state.json has, for those who look for it
// there. Its external_descriptors say in one string, a JSON array, what our standard streams are.
Result<std::string> crunStatus(const Record& record);

} // namespace rocker::runtime
