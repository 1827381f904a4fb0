#include "engine/terminal/packed_line.h"

#include "engine/terminal/utf8.h"

#include <cstring>

namespace rocker::terminal
{

namespace
{

// First byte: wrapped, whether style runs follow, whether each cell is one byte (ASCII, or 0 for blank), the marks.
enum HeaderBit : std::uint8_t { Wrapped = 0x1, HasRuns = 0x2, OneByteCells = 0x4 };
constexpr int marksShift = 3;

// In the text: bytes that never occur in UTF-8.
constexpr char joinsCell = char(0xfe); // the next character belongs to the cell before it
constexpr char wideCell = char(0xfd); // the next character takes two cells
constexpr char fillerCell = char(0xfc); // a cell left blank before a wide character

enum StyleBit : std::uint8_t { Foreground = 0x1, Background = 0x2, Flags = 0x4, Extra = 0x8 };

void putNumber(std::string& out, std::uint32_t value)
{
    for (; value >= 0x80; value >>= 7)
        out += char(value | 0x80);
    out += char(value);
}

template <typename T> void putRaw(std::string& out, T value)
{
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof value);
}

class Reader
{
public:
    explicit Reader(std::string_view bytes)
        : m_at(bytes.data())
        , m_end(bytes.data() + bytes.size())
    {
    }
    bool atEnd() const { return m_at == m_end; }
    std::uint8_t byte() { return std::uint8_t(*m_at++); }
    std::uint32_t number()
    {
        std::uint32_t value = 0;
        for (int shift = 0;; shift += 7) {
            const std::uint8_t part = byte();
            value |= std::uint32_t(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }
    template <typename T> T raw()
    {
        T value;
        std::memcpy(&value, m_at, sizeof value);
        m_at += sizeof value;
        return value;
    }
    char32_t character()
    {
        const std::uint8_t first = byte();
        if (first < 0x80)
            return first;
        const int more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        char32_t value = first & (0x3f >> more);
        for (int i = 0; i < more; ++i)
            value = value << 6 | (byte() & 0x3f);
        return value;
    }
    char peek() const { return *m_at; }

private:
    const char* m_at;
    const char* m_end;
};

void putStyle(std::string& out, const Style& style)
{
    const bool foreground = !style.foreground.isDefault();
    const bool background = !style.background.isDefault();
    out += char(
        foreground * Foreground | background * Background | (style.flags != 0) * Flags | (style.extra != 0) * Extra);
    if (foreground)
        putRaw(out, style.foreground.value());
    if (background)
        putRaw(out, style.background.value());
    if (style.flags)
        putRaw(out, style.flags);
    if (style.extra)
        putRaw(out, style.extra);
}

Style readStyle(Reader& reader)
{
    Style style;
    const std::uint8_t parts = reader.byte();
    if (parts & Foreground)
        style.foreground = Color::fromValue(reader.raw<std::uint32_t>());
    if (parts & Background)
        style.background = Color::fromValue(reader.raw<std::uint32_t>());
    if (parts & Flags)
        style.flags = reader.raw<std::uint16_t>();
    if (parts & Extra)
        style.extra = reader.raw<std::uint16_t>();
    return style;
}

void putText(std::string& out, const Cell& cell, const ClusterTable& clusters)
{
    if (cell.spacer())
        return;
    if (cell.wide())
        out += wideCell;
    if (cell.filler()) {
        out += fillerCell;
    } else if (cell.cluster()) {
        const std::u32string_view text = clusters.text(cell.clusterId());
        appendUtf8(out, text.front());
        for (const char32_t c : text.substr(1)) {
            out += joinsCell;
            appendUtf8(out, c);
        }
    } else {
        appendUtf8(out, cell.codePoint());
    }
}

void readText(Reader& reader, std::vector<Cell>& cells, ClusterTable& clusters)
{
    std::size_t at = 0;
    while (!reader.atEnd() && at < cells.size()) {
        std::uint32_t bits = 0;
        if (reader.peek() == wideCell) {
            reader.byte();
            bits = Cell::Wide;
        }
        if (reader.peek() == fillerCell) {
            reader.byte();
            bits |= Cell::Filler;
        } else if (const char32_t first = reader.character(); !reader.atEnd() && reader.peek() == joinsCell) {
            std::u32string text(1, first);
            while (!reader.atEnd() && reader.peek() == joinsCell) {
                reader.byte();
                text += reader.character();
            }
            bits |= Cell::Cluster | clusters.intern(text);
        } else {
            bits |= first;
        }
        cells[at] = Cell(bits, cells[at].style);
        ++at;
        if (bits & Cell::Wide && at < cells.size()) {
            cells[at] = Cell(Cell::Spacer, cells[at].style);
            ++at;
        }
    }
}

} // namespace

void packLine(std::string& out, std::span<const Cell> cells, bool wrapped, std::uint8_t marks,
    const ClusterTable& clusters, StyleExtras& extras)
{
    std::uint32_t allBits = 0;
    bool styled = false;
    for (const Cell& cell : cells) {
        allBits |= cell.bits();
        styled |= cell.style != Style{};
    }
    const bool oneByte = allBits < 0x80;
    out += char(wrapped * Wrapped | styled * HasRuns | oneByte * OneByteCells | marks << marksShift);
    putNumber(out, std::uint32_t(cells.size()));
    for (std::size_t at = 0; styled && at < cells.size();) {
        const Style& style = cells[at].style;
        std::size_t end = at + 1;
        while (end < cells.size() && cells[end].style == style)
            ++end;
        putNumber(out, std::uint32_t(end - at));
        putStyle(out, style);
        if (style.extra)
            extras.use(style.extra);
        at = end;
    }
    if (!oneByte) {
        for (const Cell& cell : cells)
            putText(out, cell, clusters);
        return;
    }
    const std::size_t start = out.size();
    out.resize_and_overwrite(start + cells.size(), [&](char* bytes, std::size_t size) {
        for (std::size_t i = 0; i < cells.size(); ++i)
            bytes[start + i] = char(cells[i].bits());
        return size;
    });
}

PackedHeader packedHeader(std::string_view packed)
{
    Reader reader(packed);
    const std::uint8_t bits = reader.byte();
    return {bool(bits & Wrapped), std::uint8_t(bits >> marksShift), int(reader.number())};
}

PackedHeader unpackLine(std::string_view packed, std::vector<Cell>& cells, ClusterTable& clusters)
{
    Reader reader(packed);
    const std::uint8_t bits = reader.byte();
    const auto count = reader.number();
    cells.assign(count, Cell());
    for (std::size_t at = 0; bits & HasRuns && at < count;) {
        const std::uint32_t length = reader.number();
        const Style style = readStyle(reader);
        for (const std::size_t end = at + length; at < end; ++at)
            cells[at].style = style;
    }
    if (bits & OneByteCells) {
        for (Cell& cell : cells)
            cell = Cell(reader.byte(), cell.style);
    } else {
        readText(reader, cells, clusters);
    }
    return {bool(bits & Wrapped), std::uint8_t(bits >> marksShift), int(count)};
}

void releasePacked(std::string_view packed, StyleExtras& extras)
{
    Reader reader(packed);
    if (!(reader.byte() & HasRuns))
        return;
    const std::uint32_t count = reader.number();
    for (std::uint32_t at = 0; at < count;) {
        at += reader.number();
        if (const Style style = readStyle(reader); style.extra)
            extras.release(style.extra);
    }
}

} // namespace rocker::terminal
