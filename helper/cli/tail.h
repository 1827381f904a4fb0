#pragma once

#include "engine/base/frame.h"

#include <deque>
#include <string>
#include <string_view>

namespace rocker::cli {

// The last lines of two mixed streams, holding no more of them than that.
class Tail
{
public:
    struct Piece {
        FrameType type;
        std::string text; // ends with a newline, but for the last
    };
    explicit Tail(std::size_t lines) : m_limit(lines) {}
    void add(FrameType type, std::string_view bytes);
    const std::deque<Piece>& lines() const { return m_lines; }

private:
    std::size_t m_limit;
    std::deque<Piece> m_lines;
};

} // namespace rocker::cli
