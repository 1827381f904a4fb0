#pragma once

#include "engine/base/result.h"
#include "engine/spec/linux.h"

namespace rocker::container {

// set_mempolicy(2) for the calling thread and what it becomes (linux.memoryPolicy).
Result<> setMemoryPolicy(const spec::MemoryPolicy& policy);

// personality(2) of the calling thread (linux.personality; no flags are specified).
Result<> setPersonality(const spec::Personality& personality);

} // namespace rocker::container
