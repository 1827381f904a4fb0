#pragma once

#include "engine/terminal/packed_line.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace rocker::terminal
{

// The scrollback: packed rows in blocks of 128, appended at the end and dropped at the front, each in constant time.
class History
{
public:
    History(int maximumLines, std::size_t maximumBytes, StyleExtras& extras)
        : m_maximumLines(std::max(0, maximumLines))
        , m_maximumBytes(maximumBytes)
        , m_extras(&extras)
    {
    }

    std::int64_t size() const { return m_end - m_begin; }
    // `index` counts from the oldest line that is left.
    std::string_view packed(std::int64_t index) const;

    void append(std::span<const Cell> cells, bool wrapped, std::uint8_t marks, const ClusterTable& clusters);
    // Takes over a row of another history that shares the extras; their uses move with it.
    void appendPacked(std::string_view packed);
    void clear();
    // Empty, with the uses of extras left to who copied the rows before.
    void forget();
    // Drops the newest lines but the first `size` of all; their uses of extras were released before.
    void truncate(std::int64_t size);
    // Takes over another history's lines, within the own limits.
    void takeFrom(History&& other);
    int maximumLines() const { return m_maximumLines; }
    std::size_t maximumBytes() const { return m_maximumBytes; }
    std::size_t memoryUsed() const;

private:
    static constexpr std::int64_t blockLines = 128;
    struct Block {
        std::string bytes;
        std::array<std::uint32_t, blockLines> ends{}; // where each line's bytes end
    };

    std::string& openBlock();
    void closeLine();
    void dropFirst();
    void dropExcess();

    int m_maximumLines;
    std::size_t m_maximumBytes;
    StyleExtras* m_extras;
    std::deque<Block> m_blocks;
    std::int64_t m_begin = 0; // of the lines counted from the first block's first one
    std::int64_t m_end = 0;
    std::size_t m_closedBytes = 0; // in the blocks but the last
};

} // namespace rocker::terminal
