#pragma once

#include "engine/archive/tar_header.h"

#include <string_view>

namespace rocker::archive {

// A ustar header of a plain file, owned by root, mode 0644, without a time; `name` has at most 100 bytes. The size stands
// in GNU's base-256 form, which holds large ones as well.
Block fileHeader(std::string_view name, std::uint64_t size);

} // namespace rocker::archive
