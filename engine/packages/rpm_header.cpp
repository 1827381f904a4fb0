#include "engine/packages/rpm_header.h"

#include <string>
#include <vector>

namespace rocker::packages {

namespace {

enum Tag : std::uint32_t {
    nameTag = 1000,
    versionTag = 1001,
    releaseTag = 1002,
    epochTag = 1003,
    summaryTag = 1004,
    sizeTag = 1009,
    vendorTag = 1011,
    licenseTag = 1014,
    packagerTag = 1015,
    urlTag = 1020,
    archTag = 1022,
    sourceTag = 1044,
    dirIndexesTag = 1116,
    baseNamesTag = 1117,
    dirNamesTag = 1118,
    longSizeTag = 5009,
};
constexpr std::uint32_t int32Type = 4;
constexpr std::uint32_t int64Type = 5;
constexpr std::uint32_t stringType = 6;
constexpr std::uint32_t stringArrayType = 8;
constexpr std::uint32_t i18nStringType = 9;

constexpr std::size_t entrySize = 16;
constexpr std::uint32_t entriesLimit = 65'536; // HEADER_TAGS_MAX of rpm
constexpr std::uint32_t elementsLimit = 1 << 20; // of an array: a package has fewer files

std::uint64_t bigEndian(std::string_view bytes, std::size_t at, std::size_t size)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

class Header
{
public:
    static Result<Header> open(std::string_view blob)
    {
        if (blob.size() < 8)
            return fail(ErrorCode::Corrupt, "a package's header is cut off");
        const std::uint64_t entries = bigEndian(blob, 0, 4);
        const std::uint64_t store = bigEndian(blob, 4, 4);
        if (entries == 0 || entries > entriesLimit || 8 + entries * entrySize + store > blob.size())
            return fail(ErrorCode::Corrupt, "a package's header says it is larger than it is");
        return Header(blob.substr(8, entries * entrySize), blob.substr(8 + entries * entrySize, store));
    }

    std::string text(Tag tag) const
    {
        const Entry entry = find(tag);
        const bool fits = entry.type == stringType || entry.type == i18nStringType || entry.type == stringArrayType;
        return fits && entry.count > 0 ? bounded(stringAt(entry.offset)) : std::string();
    }

    std::vector<std::string_view> texts(Tag tag) const
    {
        std::vector<std::string_view> texts;
        const Entry entry = find(tag);
        if (entry.type != stringArrayType && entry.type != stringType)
            return texts;
        std::size_t at = entry.offset;
        for (std::uint32_t i = 0; i < entry.count && i < elementsLimit && at < m_store.size(); ++i) {
            texts.push_back(stringAt(at));
            at += texts.back().size() + 1;
        }
        return texts;
    }

    // The numbers of an array, as many of them as there are.
    std::vector<std::uint64_t> numbers(Tag tag) const
    {
        std::vector<std::uint64_t> numbers;
        const Entry entry = find(tag);
        const std::size_t size = entry.type == int32Type ? 4 : entry.type == int64Type ? 8 : 0;
        std::size_t at = entry.offset;
        for (std::uint32_t i = 0; size > 0 && i < entry.count && i < elementsLimit && at + size <= m_store.size(); ++i) {
            numbers.push_back(bigEndian(m_store, at, size));
            at += size;
        }
        return numbers;
    }
    std::uint64_t number(Tag tag) const
    {
        const std::vector<std::uint64_t> all = numbers(tag);
        return all.empty() ? 0 : all.front();
    }

private:
    struct Entry {
        std::uint32_t type = 0;
        std::size_t offset = 0;
        std::uint32_t count = 0;
    };

    Header(std::string_view index, std::string_view store) : m_index(index), m_store(store) {}

    Entry find(Tag tag) const
    {
        for (std::size_t at = 0; at < m_index.size(); at += entrySize)
            if (bigEndian(m_index, at, 4) == tag)
                return {std::uint32_t(bigEndian(m_index, at + 4, 4)), bigEndian(m_index, at + 8, 4),
                        std::uint32_t(bigEndian(m_index, at + 12, 4))};
        return {};
    }

    std::string_view stringAt(std::size_t offset) const
    {
        if (offset >= m_store.size())
            return {};
        const std::string_view rest = m_store.substr(offset);
        return rest.substr(0, rest.find('\0'));
    }

    std::string_view m_index;
    std::string_view m_store;
};

// "glibc-2.36-1.fc38.src.rpm": name, version and release.
void readSource(Package& package, std::string_view file)
{
    for (const std::string_view end : {".rpm", ".src", ".nosrc"})
        if (file.ends_with(end))
            file.remove_suffix(end.size());
    const std::size_t release = file.rfind('-');
    const std::size_t version = release == file.npos || release == 0 ? file.npos : file.rfind('-', release - 1);
    if (version == file.npos || version == 0)
        return;
    package.source = bounded(file.substr(0, version));
    package.sourceVersion = bounded(file.substr(version + 1));
}

void readFiles(Package& package, const Header& header, PathBudget& budget)
{
    const std::vector<std::string_view> directories = header.texts(dirNamesTag);
    const std::vector<std::string_view> names = header.texts(baseNamesTag);
    const std::vector<std::uint64_t> places = header.numbers(dirIndexesTag);
    for (std::size_t i = 0; i < names.size() && i < places.size(); ++i)
        if (places[i] < directories.size())
            budget.add(package.files, directories[places[i]], names[i]);
}

} // namespace

Result<Package> parseRpmHeader(std::string_view blob, PathBudget& budget)
{
    const Header header = TRY(Header::open(blob));
    Package package{.type = Type::Rpm, .name = header.text(nameTag)};
    const std::string version = header.text(versionTag);
    const std::string release = header.text(releaseTag);
    if (package.name.empty() || version.empty())
        return fail(ErrorCode::Corrupt, "a package's header has no name or no version");
    const std::uint64_t epoch = header.number(epochTag);
    package.version = (epoch != 0 ? std::to_string(epoch) + ":" : "") + version
        + (release.empty() ? "" : "-" + release);
    package.architecture = header.text(archTag);
    package.license = header.text(licenseTag);
    package.maintainer = header.text(packagerTag);
    package.vendor = header.text(vendorTag);
    package.homepage = header.text(urlTag);
    package.summary = header.text(summaryTag);
    package.installedSize = header.number(longSizeTag);
    if (package.installedSize == 0)
        package.installedSize = header.number(sizeTag);
    readSource(package, header.text(sourceTag));
    readFiles(package, header, budget);
    return package;
}

} // namespace rocker::packages
