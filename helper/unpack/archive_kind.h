#pragma once

#include "engine/archive/byte_source.h"
#include "engine/layout/archive_files.h"

namespace rocker::unpack {

// What an archive is, by reading it as far as it takes to know. Errors of a plain tar's later entries do not show here.
Result<layout::ArchiveKind> kindOfArchive(archive::ByteSource& source);

} // namespace rocker::unpack
