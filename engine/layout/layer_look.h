#pragma once

#include "engine/archive/byte_source.h"
#include "engine/base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace rocker::layout {

// Where a layer lies in a file: its tar, perhaps compressed.
struct LayerExtent {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

// A place in a gzip stream from which it can be read on.
struct SeekPoint {
    std::uint64_t plain = 0; // bytes of the tar before it
    std::uint64_t input = 0; // bytes of the stream before it
    std::uint32_t state = 0; // where its state begins, in `states`
    std::uint32_t stateSize = 0;
};
static_assert(sizeof(SeekPoint) == 24);

// All that is kept of a layer that was looked at.
struct LayerLook {
    std::string index;                 // engine/layers/record.h
    std::vector<std::uint64_t> places; // by record, in the tar
    std::vector<SeekPoint> points;     // in their order; few enough for `states` to stay below 64 MB
    std::string states;
    std::uint64_t plainSize = 0; // bytes of the tar as far as its end
};

// Reads the layer in one pass. Memory goes with its entries, not with its bytes. `progress` hears how much of the extent
// was read; its error ends the look.
using LookProgress = std::function<Result<>(std::uint64_t done)>;
Result<LayerLook> lookAtLayer(BorrowedFd file, LayerExtent extent, const LookProgress& progress);

// A layer's tar from `place` on, from the last of the points before it where there are some. `stateOf` gives a point's
// state.
using StateOf = std::function<Result<std::string>(const SeekPoint& point)>;
Result<std::unique_ptr<archive::ByteSource>> openTarAt(BorrowedFd file, LayerExtent extent, std::uint64_t place,
                                                       std::span<const SeekPoint> points, const StateOf& stateOf);

// Knows where it is, from where it began.
class CountedSource : public archive::ByteSource
{
public:
    CountedSource(std::unique_ptr<archive::ByteSource> source, std::uint64_t position)
        : m_source(std::move(source)), m_position(position)
    {
    }
    Result<std::size_t> read(std::span<char> buffer) override;
    std::uint64_t position() const { return m_position; }
    // Forwards; Corrupt where the source ends before.
    Result<> skipTo(std::uint64_t position);

private:
    std::unique_ptr<archive::ByteSource> m_source;
    std::uint64_t m_position;
};

} // namespace rocker::layout
