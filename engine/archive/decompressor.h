#pragma once

#include "engine/archive/byte_source.h"

#include <memory>

namespace rocker::archive {

enum class Compression { None, Gzip, Zstd, Xz, Bzip2 };

// How many bytes compressionOf() wants to see.
inline constexpr std::size_t magicSize = 6;
// By the first bytes of the stream, whatever a label says (media types lie; every engine sniffs).
Compression compressionOf(std::string_view start);

// The plain bytes of `source`, whatever it is compressed with. Strict: a wrong check sum, a stream that ends early and
// bytes after its end are errors (Corrupt). All members of a multi-member stream are read. `source` must outlive it.
Result<std::unique_ptr<ByteSource>> decompress(ByteSource& source);

} // namespace rocker::archive
