#pragma once

#include "engine/base/result.h"
#include "engine/spec/spec.h"

// What crun makes of configurations that runc refuses or complains of; for any program's name but runc's.
namespace rocker::runtime {

// For a new user namespace that the configuration maps no ids of: every id that we have, as itself; of who is not root
// only his own, as root. Nothing to do for any other configuration.
Result<> addDefaultIdMaps(spec::Spec& spec);

// Takes those capabilities out of the ambient set that are not inheritable too, and that no process could have there
// (capabilities(7)): buildah asks for them all the same.
void dropImpossibleAmbient(spec::Process& process);

} // namespace rocker::runtime
