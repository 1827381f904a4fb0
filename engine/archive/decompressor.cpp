#include "engine/archive/decompressor.h"

#include "engine/archive/filter_source.h"
#include "engine/archive/gzip_source.h"

#include <array>
#include <cstring>

namespace rocker::archive {

namespace {

using namespace std::string_view_literals;

// Gives back the bytes that were read to sniff, then the rest.
class Rewound : public ByteSource
{
public:
    Rewound(std::string start, ByteSource& rest) : m_start(std::move(start)), m_rest(rest) {}
    Result<std::size_t> read(std::span<char> buffer) override
    {
        if (m_position == m_start.size())
            return m_rest.read(buffer);
        const std::size_t count = std::min(buffer.size(), m_start.size() - m_position);
        std::memcpy(buffer.data(), m_start.data() + m_position, count);
        m_position += count;
        return count;
    }

private:
    std::string m_start;
    std::size_t m_position = 0;
    ByteSource& m_rest;
};

// A decompressing source together with what it reads from.
template<typename Filter>
class Owning : public ByteSource
{
public:
    Owning(std::unique_ptr<Rewound> input) : m_input(std::move(input)), m_filter(*m_input) {}
    Result<std::size_t> read(std::span<char> buffer) override { return m_filter.read(buffer); }

private:
    std::unique_ptr<Rewound> m_input;
    Filter m_filter;
};

} // namespace

Compression compressionOf(std::string_view start)
{
    if (start.starts_with("\x1f\x8b"sv))
        return Compression::Gzip;
    if (start.starts_with("\x28\xb5\x2f\xfd"sv))
        return Compression::Zstd;
    // A skippable frame (0x184D2A50 to 5F) in front: what zstd:chunked and estargz-like writers begin with.
    if (start.size() >= 4 && (std::uint8_t(start[0]) & 0xf0) == 0x50 && start.substr(1, 3) == "\x2a\x4d\x18"sv)
        return Compression::Zstd;
    if (start.starts_with("\xfd" "7zXZ\0"sv))
        return Compression::Xz;
    if (start.starts_with("BZh"sv))
        return Compression::Bzip2;
    return Compression::None;
}

Result<std::unique_ptr<ByteSource>> decompress(ByteSource& source)
{
    std::array<char, magicSize> magic;
    const std::size_t count = TRY(readFully(source, magic));
    std::string start(magic.data(), count);
    const Compression compression = compressionOf(start);
    auto input = std::make_unique<Rewound>(std::move(start), source);
    switch (compression) {
    case Compression::None:
        return input;
    case Compression::Gzip:
        return std::make_unique<Owning<GzipSource>>(std::move(input));
    case Compression::Zstd:
    case Compression::Xz:
    case Compression::Bzip2:
        return std::make_unique<Owning<FilterSource>>(std::move(input));
    }
    std::unreachable();
}

} // namespace rocker::archive
