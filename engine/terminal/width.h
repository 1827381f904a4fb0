#pragma once

#include <cstdint>

namespace rocker::terminal
{

// Columns of a printable code point: 0 joins the cell before it, 2 takes two cells. What programs reckon with
// wcwidth().
int codePointWidth(char32_t codePoint);

constexpr char32_t zeroWidthJoiner = 0x200d;
constexpr char32_t emojiPresentation = 0xfe0f;

constexpr bool isRegionalIndicator(char32_t codePoint)
{
    return codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff;
}

constexpr bool isEmojiModifier(char32_t codePoint)
{
    return codePoint >= 0x1f3fb && codePoint <= 0x1f3ff;
}

} // namespace rocker::terminal
