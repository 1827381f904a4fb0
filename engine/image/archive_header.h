#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace rocker::image {

// The tar header of a file of everybody's (mode 0644, root's, from 1970), of at most 100 bytes of name; sizes in GNU's
// base-256 form, which holds large ones as well.
std::array<char, 512> archiveHeader(const std::string& name, std::uint64_t size);

// Zeros that follow a file of this size up to the next header.
constexpr std::size_t archivePadding(std::uint64_t size)
{
    return (512 - size % 512) % 512;
}

} // namespace rocker::image
