#pragma once

#include "engine/archive/byte_source.h"
#include "engine/layout/archive_files.h"

namespace rocker::unpack {

// What the tar is that comes out of `plain`, by reading it as far as it takes to know.
Result<layout::ArchiveKind> kindOfArchive(archive::ByteSource& plain);

// The same, and all that comes out of it into `spool` (at most `limit` bytes of it), in one pass: unless it is a file
// system, of which nothing stays there. What is no archive is spooled as well, for who tells in the end what is wrong with it.
Result<layout::ArchiveKind> spoolUnlessFileSystem(archive::ByteSource& plain, BorrowedFd spool, std::int64_t limit);

} // namespace rocker::unpack
