#pragma once

#include <array>
#include <cstdint>

namespace rocker::terminal
{

enum class Charset : std::uint8_t { Ascii, SpecialGraphics, British };

// G0 … G3 and which of them the bytes 0x20 … 0x7f come from.
struct Charsets {
    std::array<Charset, 4> sets{};
    std::uint8_t left = 0;
    std::uint8_t singleShift = 0; // G2 or G3 for the next character only, 0 for none

    bool plain() const { return sets[left] == Charset::Ascii && singleShift == 0; }
    bool operator==(const Charsets&) const = default;
};

// The charset of a designation's final byte; ASCII for the ones that are not there.
Charset charsetOf(char final);
char32_t translate(Charset charset, char32_t character);

} // namespace rocker::terminal
