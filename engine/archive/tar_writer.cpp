#include "engine/archive/tar_writer.h"

#include <algorithm>
#include <cstring>
#include <format>
#include <numeric>
#include <utility>

namespace rocker::archive {

namespace {

constexpr std::size_t nameSize = 100;
constexpr std::uint64_t sevenDigits = 07777777;
constexpr std::uint64_t elevenDigits = 077777777777;

class Header
{
public:
    void put(std::size_t offset, std::string_view text) { std::memcpy(m_block.data() + offset, text.data(), text.size()); }
    // With a NUL after `digits` octal ones.
    void number(std::size_t offset, int digits, std::uint64_t value) { put(offset, std::format("{:0{}o}", value, digits)); }
    void binarySize(std::uint64_t size)
    {
        m_block[124] = char(0x80);
        for (int i = 0; i < 8; ++i)
            m_block[128 + i] = char(size >> 8 * (7 - i));
    }
    Block finish(char type)
    {
        m_block[156] = type;
        put(257, std::string_view("ustar\00000", 8));
        put(148, "        ");
        const int sum = std::accumulate(m_block.begin(), m_block.end(), 0, [](int total, char c) { return total + std::uint8_t(c); });
        number(148, 6, std::uint64_t(sum));
        m_block[154] = 0;
        return m_block;
    }

private:
    Block m_block{};
};

char typeOf(EntryType type)
{
    switch (type) {
    case EntryType::Regular: return '0';
    case EntryType::HardLink: return '1';
    case EntryType::Symlink: return '2';
    case EntryType::CharDevice: return '3';
    case EntryType::BlockDevice: return '4';
    case EntryType::Directory: return '5';
    case EntryType::Fifo: return '6';
    }
    std::unreachable();
}

Block ustar(const TarEntry& entry, char type)
{
    Header header;
    header.put(0, std::string_view(entry.name).substr(0, nameSize));
    header.number(100, 7, entry.mode);
    header.number(108, 7, entry.uid <= sevenDigits ? entry.uid : 0);
    header.number(116, 7, entry.gid <= sevenDigits ? entry.gid : 0);
    header.number(124, 11, entry.size <= elevenDigits ? entry.size : 0);
    const std::int64_t seconds = entry.modified.tv_sec;
    header.number(136, 11, seconds >= 0 && std::uint64_t(seconds) <= elevenDigits ? std::uint64_t(seconds) : 0);
    header.put(157, std::string_view(entry.linkTarget).substr(0, nameSize));
    header.number(329, 7, entry.deviceMajor);
    header.number(337, 7, entry.deviceMinor);
    return header.finish(type);
}

// "17 path=some/name\n": the length counts itself.
void addRecord(std::string& records, std::string_view keyword, std::string_view value)
{
    const std::size_t rest = keyword.size() + value.size() + 3;
    std::size_t length = rest;
    while (length != rest + std::to_string(length).size())
        length = rest + std::to_string(length).size();
    records += std::format("{} {}={}\n", length, keyword, value);
}

std::string timeText(const timespec& time)
{
    if (time.tv_nsec == 0)
        return std::to_string(time.tv_sec);
    // Parts of a second count upwards from the second before, in the text away from zero.
    const bool below = time.tv_sec < 0;
    const std::int64_t seconds = below ? -(time.tv_sec + 1) : time.tv_sec;
    const long parts = below ? 1'000'000'000 - time.tv_nsec : time.tv_nsec;
    std::string text = std::format("{}{}.{:09}", below ? "-" : "", seconds, parts);
    text.erase(text.find_last_not_of('0') + 1);
    return text;
}

std::string paxRecords(const TarEntry& entry)
{
    std::string records;
    if (entry.name.size() > nameSize)
        addRecord(records, "path", entry.name);
    if (entry.linkTarget.size() > nameSize)
        addRecord(records, "linkpath", entry.linkTarget);
    if (entry.size > elevenDigits)
        addRecord(records, "size", std::to_string(entry.size));
    if (entry.uid > sevenDigits)
        addRecord(records, "uid", std::to_string(entry.uid));
    if (entry.gid > sevenDigits)
        addRecord(records, "gid", std::to_string(entry.gid));
    if (entry.modified.tv_nsec != 0 || entry.modified.tv_sec < 0 || std::uint64_t(entry.modified.tv_sec) > elevenDigits)
        addRecord(records, "mtime", timeText(entry.modified));
    for (const auto& [name, value] : entry.xattrs)
        addRecord(records, "SCHILY.xattr." + name, value);
    return records;
}

std::string_view bytesOf(const Block& block)
{
    return {block.data(), block.size()};
}

} // namespace

Block fileHeader(std::string_view name, std::uint64_t size)
{
    Header header;
    header.put(0, name.substr(0, nameSize));
    header.number(100, 7, 0644);
    for (const std::size_t offset : {108, 116, 329, 337})
        header.number(offset, 7, 0);
    header.binarySize(size);
    header.number(136, 11, 0);
    return header.finish('0');
}

std::string entryHeader(const TarEntry& entry)
{
    std::string headers;
    if (const std::string records = paxRecords(entry); !records.empty()) {
        const std::size_t slash = entry.name.find_last_of('/', entry.name.size() - 2);
        const TarEntry extended{.name = "PaxHeaders/" + entry.name.substr(slash == entry.name.npos ? 0 : slash + 1, 80),
                                .mode = 0644, .size = records.size()};
        headers = bytesOf(ustar(extended, 'x'));
        headers += records;
        headers.append(paddingOf(records.size()), '\0');
    }
    return headers.append(bytesOf(ustar(entry, typeOf(entry.type))));
}

} // namespace rocker::archive
