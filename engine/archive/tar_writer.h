#pragma once

#include "engine/archive/tar_entry.h"
#include "engine/archive/tar_header.h"

#include <string>
#include <string_view>

namespace rocker::archive {

// A ustar header of a plain file, owned by root, mode 0644, without a time; `name` has at most 100 bytes. The size stands
// in GNU's base-256 form, which holds large ones as well.
Block fileHeader(std::string_view name, std::uint64_t size);

// The headers of an entry: ustar, and before it a pax extended header with what ustar cannot say (long names, large
// numbers, parts of a second, attributes). The same entry has the same bytes. Its data follows, then its padding.
std::string entryHeader(const TarEntry& entry);

// What ends an archive.
inline constexpr std::size_t endSize = 2 * blockSize;

} // namespace rocker::archive
