#include "engine/archive/tar_reader.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace rocker::archive {

namespace {

constexpr std::size_t pieceSize = 256 * 1024;
constexpr std::int64_t extensionLimit = 1 << 20; // as Go's archive/tar
constexpr std::size_t extentLimit = 1 << 16;
constexpr std::int64_t majorLimit = 0xfff;   // MAJOR and MINOR of the kernel's dev_t
constexpr std::int64_t minorLimit = 0xfffff;

Error truncated()
{
    return {ErrorCode::Corrupt, 0, "the archive is truncated"};
}

Result<std::uint32_t> owner(std::int64_t value, std::string_view which)
{
    if (value < 0 || value >= std::numeric_limits<std::uint32_t>::max())
        return fail(ErrorCode::Corrupt, "{} {} does not exist", which, value);
    return std::uint32_t(value);
}

Result<EntryType> typeOf(const TarHeader& header)
{
    switch (header.type) {
    case '0':
    case '\0':
    case '7':
        return EntryType::Regular;
    case '1':
        return EntryType::HardLink;
    case '2':
        return EntryType::Symlink;
    case '3':
        return EntryType::CharDevice;
    case '4':
        return EntryType::BlockDevice;
    case '5':
        return EntryType::Directory;
    case '6':
        return EntryType::Fifo;
    case 'S':
        return fail(ErrorCode::Corrupt, "old GNU sparse files are not supported");
    default:
        return fail(ErrorCode::Corrupt, "the type '{}' is not known", std::string_view(&header.type, 1));
    }
}

Result<std::uint64_t> decimal(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()
        || value > std::uint64_t(std::numeric_limits<std::int64_t>::max()))
        return fail(ErrorCode::Corrupt, "the map of a sparse file is malformed");
    return value;
}

// Values from the extended header go over the fixed fields; an empty one means that the field stands.
Result<> applyPax(TarEntry& entry, TarHeader& header, const PaxRecords& pax)
{
    timespec modified = clampedTime(header.modified, 0);
    for (const auto& [keyword, value] : pax) {
        if (keyword.starts_with("SCHILY.xattr.") && keyword.size() > 13)
            entry.xattrs.emplace_back(keyword.substr(13), value);
        else if (value.empty())
            continue;
        else if (keyword == "path")
            header.name = value;
        else if (keyword == "linkpath")
            header.linkTarget = value;
        else if (keyword == "size")
            header.size = TRY(paxNumber(keyword, value));
        else if (keyword == "uid")
            header.uid = TRY(paxNumber(keyword, value));
        else if (keyword == "gid")
            header.gid = TRY(paxNumber(keyword, value));
        else if (keyword == "mtime")
            modified = TRY(paxTime(value));
    }
    entry.modified = modified;
    return {};
}

} // namespace

Result<bool> TarReader::readBlock(Block& block)
{
    const std::size_t count = TRY(readFully(m_source, block));
    if (count != 0 && count != block.size())
        return fail(truncated());
    return count != 0;
}

Result<std::optional<TarHeader>> TarReader::nextHeader()
{
    Block block;
    if (!TRY(readBlock(block)))
        return std::nullopt;
    if (!isZero(block))
        return TRY(parseHeader(block));
    if (TRY(readBlock(block)) && !isZero(block))
        return fail(ErrorCode::Corrupt, "a single zero block stands between entries");
    return std::nullopt;
}

Result<std::string> TarReader::readExtension(const TarHeader& header)
{
    if (header.size < 0 || header.size > extensionLimit)
        return fail(ErrorCode::Corrupt, "an extended header claims {} bytes, more than {} allowed", header.size,
                    extensionLimit);
    std::string text(header.size + paddingOf(header.size), '\0');
    if (TRY(readFully(m_source, text)) != text.size())
        return fail(truncated());
    text.resize(header.size);
    return text;
}

Result<std::optional<TarEntry>> TarReader::next()
{
    if (m_ended)
        return std::nullopt;
    TRY(skipData());
    Extensions extensions;
    while (auto header = TRY(nextHeader())) {
        switch (header->type) {
        case 'x':
            extensions.pax = TRY(parsePax(TRY(readExtension(*header))));
            break;
        case 'g': // global headers carry comments and defaults that no image needs
            TRY(parsePax(TRY(readExtension(*header))));
            continue;
        case 'L':
            extensions.longName = TRY(readExtension(*header));
            extensions.longName.resize(std::min(extensions.longName.size(), extensions.longName.find('\0')));
            break;
        case 'K':
            extensions.longLink = TRY(readExtension(*header));
            extensions.longLink.resize(std::min(extensions.longLink.size(), extensions.longLink.find('\0')));
            break;
        default: {
            const std::string name = header->name;
            return TRY(makeEntry(*header, std::move(extensions)), "'{}'", name);
        }
        }
        extensions.any = true;
    }
    m_ended = true;
    if (extensions.any)
        return fail(ErrorCode::Corrupt, "the archive ends after an extended header");
    return std::nullopt;
}

Result<TarEntry> TarReader::makeEntry(const TarHeader& fixed, Extensions&& extensions)
{
    TarHeader header = fixed;
    TarEntry entry;
    TRY(applyPax(entry, header, extensions.pax));
    if (!extensions.longName.empty())
        header.name = std::move(extensions.longName);
    if (!extensions.longLink.empty())
        header.linkTarget = std::move(extensions.longLink);
    entry.type = TRY(typeOf(header));
    if (header.size < 0)
        return fail(ErrorCode::Corrupt, "its size is negative");
    entry.name = std::move(header.name);
    entry.linkTarget = std::move(header.linkTarget);
    entry.mode = header.mode & 07777;
    entry.uid = TRY(owner(header.uid, "user"));
    entry.gid = TRY(owner(header.gid, "group"));
    if (entry.type == EntryType::CharDevice || entry.type == EntryType::BlockDevice) {
        if (header.deviceMajor < 0 || header.deviceMajor > majorLimit || header.deviceMinor < 0
            || header.deviceMinor > minorLimit)
            return fail(ErrorCode::Corrupt, "device {}:{} does not exist", header.deviceMajor, header.deviceMinor);
        entry.deviceMajor = std::uint32_t(header.deviceMajor);
        entry.deviceMinor = std::uint32_t(header.deviceMinor);
    }
    // Writers disagree whether a hard link's size means data; to guess wrong is to read data as headers.
    if (entry.type == EntryType::HardLink && header.size > 0)
        return fail(ErrorCode::Corrupt, "a hard link claims to have data");
    if (entry.type != EntryType::Regular)
        return entry;
    m_stored = header.size;
    m_padding = paddingOf(m_stored);
    entry.size = m_stored;
    m_extents.assign(1, {0, m_stored});
    m_extent = 0;
    m_inExtent = 0;
    if (std::ranges::any_of(extensions.pax, [](const auto& record) { return record.first.starts_with("GNU.sparse."); }))
        TRY(readSparseMap(entry, extensions.pax));
    if (entry.name.ends_with('/')) { // before directories had a type
        if (entry.size != 0)
            return fail(ErrorCode::Corrupt, "a directory claims to have data");
        entry.type = EntryType::Directory;
    }
    return entry;
}

// GNU tar's manual, "PAX Format, Version 1.0": the map stands in front of the data, as decimal lines padded to a block.
Result<> TarReader::readSparseMap(TarEntry& entry, const PaxRecords& pax)
{
    const auto value = [&](const char* keyword) {
        const auto found = pax.find(keyword);
        return found == pax.end() ? std::string_view() : std::string_view(found->second);
    };
    if (value("GNU.sparse.major") != "1" || value("GNU.sparse.minor") != "0" || value("GNU.sparse.realsize").empty())
        return fail(ErrorCode::Corrupt, "this form of GNU sparse file is not supported");
    if (!value("GNU.sparse.name").empty())
        entry.name = value("GNU.sparse.name");
    entry.size = TRY(decimal(value("GNU.sparse.realsize")));

    std::string text;
    const auto line = [&]() -> Result<std::uint64_t> {
        while (!text.contains('\n')) {
            Block block;
            if (m_stored < blockSize || text.size() > blockSize || !TRY(readBlock(block)))
                return fail(ErrorCode::Corrupt, "the map of a sparse file is malformed");
            m_stored -= blockSize;
            text.append(block.data(), block.size());
        }
        const std::size_t end = text.find('\n');
        const std::uint64_t number = TRY(decimal(std::string_view(text).substr(0, end)));
        text.erase(0, end + 1);
        return number;
    };
    const std::uint64_t count = TRY(line());
    if (count > extentLimit)
        return fail(ErrorCode::Corrupt, "a sparse file has {} pieces, more than {} allowed", count, extentLimit);
    m_extents.clear();
    std::uint64_t end = 0;
    std::uint64_t stored = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t offset = TRY(line());
        const std::uint64_t size = TRY(line());
        if (offset < end || offset > entry.size || size > entry.size - offset || size > m_stored - stored)
            return fail(ErrorCode::Corrupt, "the map of a sparse file does not fit its size");
        end = offset + size;
        stored += size;
        m_extents.push_back({offset, size});
    }
    if (stored != m_stored)
        return fail(ErrorCode::Corrupt, "the map of a sparse file does not fit its size");
    return {};
}

Result<std::optional<TarReader::Piece>> TarReader::nextPiece()
{
    while (m_extent < m_extents.size() && m_inExtent == m_extents[m_extent].size) {
        ++m_extent;
        m_inExtent = 0;
    }
    if (m_extent >= m_extents.size() || m_stored == 0)
        return std::nullopt;
    m_buffer.resize(pieceSize);
    const Extent& extent = m_extents[m_extent];
    const std::size_t wanted = std::min<std::uint64_t>(pieceSize, extent.size - m_inExtent);
    if (TRY(readFully(m_source, std::span(m_buffer).first(wanted))) != wanted)
        return fail(truncated());
    const Piece piece{extent.offset + m_inExtent, std::span<const char>(m_buffer).first(wanted)};
    m_inExtent += wanted;
    m_stored -= wanted;
    return piece;
}

Result<> TarReader::skipData()
{
    if (m_skipper) {
        TRY(m_skipper->skip(m_stored + m_padding));
    } else {
        while (m_stored > 0)
            if (!TRY(nextPiece()))
                return fail(truncated());
        Block padding;
        if (m_padding > 0 && TRY(readFully(m_source, std::span(padding).first(m_padding))) != m_padding)
            return fail(truncated());
    }
    m_stored = 0;
    m_padding = 0;
    m_extents.clear();
    return {};
}

} // namespace rocker::archive
