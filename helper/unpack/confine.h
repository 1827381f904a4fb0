#pragma once

#include "engine/base/result.h"
#include "engine/image/worker_messages.h"

namespace rocker::unpack {

// For who reads archives and documents: nobody's ids, no capability, no network, an empty root, nothing but the
// descriptors it was given.
Result<> confineReader();

// For who reads a directory of the caller's: the caller's ids and rights, no capability unless the caller is root, whose
// files it may then read all; otherwise as confineReader().
Result<> confineAsCaller(const image::PackRequest& caller);

// For who makes a layer of a container's changes: their directory as root, no network, and of all capabilities only the one
// to read everything there.
Result<> confineCommitter();

// For who reads a container's whole file system: as confineCommitter(), but its root is the layers and the changes merged,
// mounted for it alone and read-only.
Result<> confineExporter(const image::ExportRequest& request);

// For who writes a layer: the layer's directory as root, no network, and of all capabilities only those that owners,
// modes, nodes and file capabilities need: CHOWN, DAC_OVERRIDE, FOWNER, FSETID, MKNOD, SETFCAP.
Result<> confineUnpacker();

} // namespace rocker::unpack
