#pragma once

#include "engine/bundle/bundle.h"
#include "engine/cgroup/cgroup.h"
#include "engine/container/blueprint.h"

namespace rocker::bundle {

// What scripts know an error by that has to do with what the container looks like from inside.
inline constexpr const char* initFailed = "error during container init";

// The blueprint of a bundle's container. Pure but for what must be opened before the process is born: namespaces to join,
// the root, the sources of its mounts. Errors begin with the JSON path.
Result<container::Blueprint> draw(const CreateRequest& request, const cgroup::Cgroup* cgroup);

// What a process of the container is, but for its filter: the first one and, with its own `process`, later ones.
container::ProcessSpec processOf(const spec::Spec& spec, const spec::Process& process);

} // namespace rocker::bundle
