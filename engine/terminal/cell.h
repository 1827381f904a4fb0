#pragma once

#include <cstdint>

namespace rocker::terminal
{

// A colour as a program names it: the theme's default, one of 256 palette entries, or direct RGB. Four bytes.
class Color
{
public:
    enum class Kind : std::uint8_t { Default, Indexed, Rgb };

    constexpr Color() = default;
    static constexpr Color indexed(std::uint8_t index) { return Color(0x01000000u | index); }
    static constexpr Color rgb(std::uint8_t red, std::uint8_t green, std::uint8_t blue)
    {
        return Color(0x02000000u | std::uint32_t(red) << 16 | std::uint32_t(green) << 8 | blue);
    }
    static constexpr Color fromValue(std::uint32_t value) { return Color(value); }

    constexpr Kind kind() const { return Kind(m_value >> 24); }
    constexpr bool isDefault() const { return m_value == 0; }
    constexpr std::uint8_t index() const { return std::uint8_t(m_value); }
    constexpr std::uint32_t rgbValue() const { return m_value & 0xffffff; } // 0xRRGGBB
    constexpr std::uint32_t value() const { return m_value; } // kind and colour, for storage

    bool operator==(const Color&) const = default;

private:
    constexpr explicit Color(std::uint32_t value)
        : m_value(value)
    {
    }
    std::uint32_t m_value = 0;
};

enum class Underline : std::uint8_t { None, Single, Double, Curly, Dotted, Dashed };

// What SGR sets, in twelve bytes. `extra` names an underline colour and a hyperlink kept aside: see
// Terminal::extraOf().
struct Style {
    enum Flag : std::uint16_t {
        Bold = 0x1,
        Faint = 0x2,
        Italic = 0x4,
        Blink = 0x8,
        Inverse = 0x10,
        Invisible = 0x20,
        Strikethrough = 0x40,
        Overline = 0x80,
        Protected = 0x100, // DECSCA: selective erase leaves it alone
    };
    static constexpr int underlineShift = 9;
    static constexpr std::uint16_t underlineMask = 0x7 << underlineShift;

    Color foreground;
    Color background;
    std::uint16_t flags = 0;
    std::uint16_t extra = 0; // 0: neither underline colour nor hyperlink

    constexpr bool has(Flag flag) const { return flags & flag; }
    constexpr void set(Flag flag, bool on) { flags = std::uint16_t(on ? flags | flag : flags & ~flag); }
    constexpr Underline underline() const { return Underline((flags & underlineMask) >> underlineShift); }
    constexpr void setUnderline(Underline underline)
    {
        flags = std::uint16_t((flags & ~underlineMask) | std::uint16_t(underline) << underlineShift);
    }

    bool operator==(const Style&) const = default;
};

// One column of one row. A wide character is a cell with wide() followed by one with spacer(). A cell that was never
// written is blank(); several code points in one cell are a cluster, whose text LineView::appendText() gives.
class Cell
{
public:
    enum Flag : std::uint32_t {
        Wide = 1u << 21,
        Spacer = 1u << 22, // right half of the wide character to the left
        Filler = 1u << 23, // left blank because a wide character did not fit before the margin
        Cluster = 1u << 24, // the low bits are a number in the row's cluster table
    };
    static constexpr std::uint32_t contentMask = (1u << 21) - 1;

    constexpr Cell() = default;
    constexpr explicit Cell(std::uint32_t bits, const Style& cellStyle)
        : m_bits(bits)
        , style(cellStyle)
    {
    }

    // The character, 0 when blank, spacer or cluster.
    constexpr char32_t codePoint() const { return m_bits & Cluster ? 0 : m_bits & contentMask; }
    constexpr std::uint32_t clusterId() const { return m_bits & contentMask; }
    constexpr bool blank() const { return (m_bits & ~std::uint32_t(Filler)) == 0; }
    constexpr bool wide() const { return m_bits & Wide; }
    constexpr bool spacer() const { return m_bits & Spacer; }
    constexpr bool filler() const { return m_bits & Filler; }
    constexpr bool cluster() const { return m_bits & Cluster; }
    constexpr std::uint32_t bits() const { return m_bits; }

    bool operator==(const Cell&) const = default;

private:
    std::uint32_t m_bits = 0;

public:
    Style style;
};

static_assert(sizeof(Cell) == 16);

} // namespace rocker::terminal
