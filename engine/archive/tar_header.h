#pragma once

#include "engine/base/result.h"

#include <array>
#include <cstdint>
#include <string>

namespace rocker::archive {

inline constexpr std::size_t blockSize = 512;
using Block = std::array<char, blockSize>;

// How many zeros follow data of this size up to the next header.
constexpr std::size_t paddingOf(std::uint64_t size)
{
    return (blockSize - size % blockSize) % blockSize;
}

// The fields of one 512-byte header (pax(1) "ustar Interchange Format", GNU tar's tar.h), numbers decoded but not judged.
struct TarHeader {
    char type = 0;
    std::string name; // prefix and name joined
    std::string linkTarget;
    std::int64_t mode = 0;
    std::int64_t uid = 0;
    std::int64_t gid = 0;
    std::int64_t size = 0;
    std::int64_t modified = 0;
    std::int64_t deviceMajor = 0;
    std::int64_t deviceMinor = 0;
};

bool isZero(const Block& block);
// Corrupt when the check sum is wrong or a number is none.
Result<TarHeader> parseHeader(const Block& block);

} // namespace rocker::archive
