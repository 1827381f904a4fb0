#pragma once

#include "engine/archive/byte_source.h"
#include "engine/archive/inflater.h"

#include <vector>

namespace rocker::archive {

// RFC 1952 with the check sum and length of every member (libarchive's filter does not look at them).
class GzipSource : public ByteSource
{
public:
    explicit GzipSource(ByteSource& input);
    Result<std::size_t> read(std::span<char> buffer) override;

    // A place in the stream from which another source can go on: `state` with the input from byte `input` on. Empty where
    // the inflater cannot tell.
    struct Point {
        std::uint64_t input = 0;
        std::string state;
    };
    Point save() const;
    // Before the first read. Corrupt for a state that save() has not written.
    Result<> resume(std::string_view state);

private:
    // False at the end of the input.
    Result<bool> refill();

    enum class Place { Start, Inside, BetweenMembers };

    ByteSource& m_input;
    std::vector<char> m_buffer;
    std::span<const char> m_rest; // of the buffer
    std::uint64_t m_taken = 0;    // bytes read from the input
    Inflater m_inflater;
    Place m_place = Place::Start;
    bool m_inputEnded = false;
    bool m_ended = false;
};

} // namespace rocker::archive
