#include "engine/terminal/charset.h"

namespace rocker::terminal
{

namespace
{

// DEC special graphics, 0x5f … 0x7e (VT220 Programmer Reference Manual, table 2-4).
constexpr std::array<char16_t, 32> specialGraphics = {
    0x00a0,
    0x25c6,
    0x2592,
    0x2409,
    0x240c,
    0x240d,
    0x240a,
    0x00b0,
    0x00b1,
    0x2424,
    0x240b,
    0x2518,
    0x2510,
    0x250c,
    0x2514,
    0x253c,
    0x23ba,
    0x23bb,
    0x2500,
    0x23bc,
    0x23bd,
    0x251c,
    0x2524,
    0x2534,
    0x252c,
    0x2502,
    0x2264,
    0x2265,
    0x03c0,
    0x2260,
    0x00a3,
    0x00b7,
};

} // namespace

Charset charsetOf(char final)
{
    switch (final) {
    case '0':
    case '2':
        return Charset::SpecialGraphics;
    case 'A':
        return Charset::British;
    default:
        return Charset::Ascii;
    }
}

char32_t translate(Charset charset, char32_t character)
{
    if (charset == Charset::SpecialGraphics && character >= 0x5f && character <= 0x7e)
        return specialGraphics[character - 0x5f];
    if (charset == Charset::British && character == '#')
        return 0xa3;
    return character;
}

} // namespace rocker::terminal
