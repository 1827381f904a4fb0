#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <type_traits>

// What a layer's index is made of. An index is one file per layer, written by the unprivileged unpacker while it unpacks
// and read by windows and command lines, never by root: a header, then fixed-size records of the layer's entries as a
// tree in pre-order, siblings by name, then the heap with the names. Little-endian.
namespace rocker::layers {

enum class Kind : std::uint8_t { File, Directory, Symlink, CharDevice, BlockDevice, Fifo, Whiteout };

// The first half of the SHA-256 of a file's content: equal contents are found by it, nothing is trusted for it.
using ContentId = std::array<std::uint8_t, 16>;

struct Record {
    static constexpr std::uint8_t opaque = 1;   // a directory of which nothing below the layer shows through
    static constexpr std::uint8_t implied = 2;  // a directory that no entry named: something in it did
    static constexpr std::uint8_t hardLink = 4; // another name of the file `link`, which holds the bytes

    std::uint32_t parent = 0; // a record before this one; the root's is itself
    std::uint32_t end = 0;    // the record after everything below this one
    std::uint32_t name = 0;   // where in the heap
    std::uint16_t nameLength = 0;
    Kind kind = Kind::File;
    std::uint8_t flags = 0;
    std::uint32_t link = 0; // where in the heap: a symbolic link's target, a hard link's file (its path in the layer)
    std::uint16_t linkLength = 0;
    std::uint16_t mode = 0; // 07777
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::uint64_t size = 0; // bytes of a file's content, holes included; (major << 32 | minor) of a device
    std::int64_t seconds = 0; // modification time
    std::uint32_t nanoseconds = 0;
    std::uint32_t xattrs = 0; // a hash of the names and values; 0 for none
    ContentId content{};      // of a file

    bool is(std::uint8_t flag) const { return flags & flag; }
    // Bytes that it takes in the layer.
    std::uint64_t stored() const { return kind == Kind::File && !is(hardLink) ? size : 0; }
};
static_assert(sizeof(Record) == 72 && std::is_trivially_copyable_v<Record>);

struct Header {
    std::array<char, 8> magic{};
    std::uint32_t count = 0;    // of records
    std::uint32_t heapSize = 0; // bytes
};
static_assert(sizeof(Header) == 16);

inline constexpr std::array<char, 8> magic{'R', 'K', 'L', 'A', 'Y', 'E', 'R', '1'};
inline constexpr std::uint32_t recordLimit = 16 << 20;
inline constexpr std::uint32_t heapLimit = 1U << 30;
// Bytes of the largest index there can be.
inline constexpr std::int64_t indexSizeLimit
    = std::int64_t(sizeof(Header)) + std::int64_t(recordLimit) * std::int64_t(sizeof(Record)) + heapLimit;

} // namespace rocker::layers
