#pragma once

#include "engine/archive/byte_source.h"
#include "engine/archive/pax.h"
#include "engine/archive/tar_entry.h"
#include "engine/archive/tar_header.h"

#include <optional>

namespace rocker::archive {

// Reads tar (v7, ustar, pax, GNU) in one pass and bounded memory, and refuses what two readers could read differently:
// libarchive's own reader accepts wrong check sums and turns uid 2^32 into root. Every error is Corrupt and names the
// entry. The archive ends at the first two zero blocks, or at the end of the source between entries.
class TarReader
{
public:
    // With `skipper`, data that nobody asked for is skipped there instead of read through `source` (the same bytes).
    explicit TarReader(ByteSource& source, RangeSource* skipper = nullptr) : m_source(source), m_skipper(skipper) {}

    // The next entry, or nothing at the end. What was left of the last one's data is passed over.
    Result<std::optional<TarEntry>> next();

    // A piece of the current entry's data and where it belongs; what lies between pieces is a hole.
    struct Piece {
        std::uint64_t offset = 0;
        std::span<const char> bytes;
    };
    // The next piece, or nothing at the end. It is valid until the next call.
    Result<std::optional<Piece>> nextPiece();

private:
    struct Extent {
        std::uint64_t offset;
        std::uint64_t size;
    };
    struct Extensions {
        PaxRecords pax;
        std::string longName;
        std::string longLink;
        bool any = false;
    };

    Result<std::optional<TarHeader>> nextHeader();
    Result<bool> readBlock(Block& block);
    Result<std::string> readExtension(const TarHeader& header);
    Result<TarEntry> makeEntry(const TarHeader& header, Extensions&& extensions);
    Result<> readSparseMap(TarEntry& entry, const PaxRecords& pax);
    Result<> skipData();

    ByteSource& m_source;
    RangeSource* m_skipper;
    std::vector<char> m_buffer;
    std::uint64_t m_stored = 0;  // bytes of the current entry's data still in the stream
    std::uint64_t m_padding = 0; // zero bytes after them, up to the block's end
    std::vector<Extent> m_extents;
    std::size_t m_extent = 0;
    std::uint64_t m_inExtent = 0;
    bool m_ended = false;
};

} // namespace rocker::archive
