#pragma once

#include "engine/base/result.h"

namespace rocker::unpack {

// For who reads archives and documents: nobody's ids, no capability, no network, an empty root, nothing but the
// descriptors it was given.
Result<> confineReader();

// For who writes a layer: the layer's directory as root, no network, and of all capabilities only those that owners,
// modes, nodes and file capabilities need: CHOWN, DAC_OVERRIDE, FOWNER, FSETID, MKNOD, SETFCAP.
Result<> confineUnpacker();

} // namespace rocker::unpack
