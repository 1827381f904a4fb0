#include "engine/archive/tar_header.h"

#include <algorithm>
#include <string_view>

namespace rocker::archive {

namespace {

using namespace std::string_view_literals;

std::string_view field(const Block& block, std::size_t offset, std::size_t size)
{
    return std::string_view(block.data(), block.size()).substr(offset, size);
}

std::string text(std::string_view field)
{
    return std::string(field.substr(0, field.find('\0')));
}

// GNU's base-256: the top bit marks it, the rest is a big-endian two's complement number.
Result<std::int64_t> binaryNumber(std::string_view field)
{
    const bool negative = field[0] & 0x40;
    std::uint64_t value = negative ? ~std::uint64_t(0) : 0;
    for (std::size_t i = 0; i < field.size(); ++i) {
        std::uint8_t byte = std::uint8_t(field[i]);
        if (i == 0)
            byte = negative ? byte | 0x80 : byte & 0x7f;
        const std::uint8_t lost = value >> 56;
        if (lost != (negative ? 0xff : 0))
            return fail(ErrorCode::Corrupt, "a number in a header is too large");
        value = value << 8 | byte;
    }
    if ((std::int64_t(value) < 0) != negative)
        return fail(ErrorCode::Corrupt, "a number in a header is too large");
    return std::int64_t(value);
}

Result<std::int64_t> number(std::string_view field)
{
    if (std::uint8_t(field[0]) & 0x80)
        return binaryNumber(field);
    while (!field.empty() && (field.front() == ' ' || field.front() == '\0'))
        field.remove_prefix(1);
    while (!field.empty() && (field.back() == ' ' || field.back() == '\0'))
        field.remove_suffix(1);
    std::int64_t value = 0;
    for (const char c : field) {
        if (c < '0' || c > '7')
            return fail(ErrorCode::Corrupt, "a number in a header is not octal");
        value = value * 8 + (c - '0'); // at most 12 digits: 36 bits
    }
    return value;
}

// Some old writers summed signed bytes; both sums are in use.
bool checksumFits(const Block& block, std::int64_t stored)
{
    std::int64_t ofUnsigned = 0;
    std::int64_t ofSigned = 0;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const char c = i >= 148 && i < 156 ? ' ' : block[i];
        ofUnsigned += std::uint8_t(c);
        ofSigned += static_cast<signed char>(c);
    }
    return stored == ofUnsigned || stored == ofSigned;
}

} // namespace

bool isZero(const Block& block)
{
    return std::ranges::all_of(block, [](char c) { return c == 0; });
}

Result<TarHeader> parseHeader(const Block& block)
{
    const auto sum = number(field(block, 148, 8));
    if (!sum || !checksumFits(block, *sum))
        return fail(ErrorCode::Corrupt, "a header has a wrong check sum");
    TarHeader header;
    header.type = block[156];
    header.name = text(field(block, 0, 100));
    header.linkTarget = text(field(block, 157, 100));
    header.mode = TRY(number(field(block, 100, 8)), "mode of '{}'", header.name);
    header.uid = TRY(number(field(block, 108, 8)), "owner of '{}'", header.name);
    header.gid = TRY(number(field(block, 116, 8)), "group of '{}'", header.name);
    header.size = TRY(number(field(block, 124, 12)), "size of '{}'", header.name);
    header.modified = TRY(number(field(block, 136, 12)), "time of '{}'", header.name);
    const std::string_view magic = field(block, 257, 8);
    const bool posix = magic == "ustar\00000"sv;
    if (!posix && magic != "ustar  \0"sv)
        return header; // seventh edition: no devices, no prefix
    header.deviceMajor = TRY(number(field(block, 329, 8)), "device of '{}'", header.name);
    header.deviceMinor = TRY(number(field(block, 337, 8)), "device of '{}'", header.name);
    const bool star = field(block, 508, 4) == "tar\0"sv;
    const std::string prefix = posix ? text(field(block, 345, star ? 131 : 155)) : std::string();
    if (!prefix.empty())
        header.name = prefix + "/" + header.name;
    return header;
}

} // namespace rocker::archive
