#include "engine/packages/rpm_database.h"
#include "engine/packages/rpm_header.h"

namespace rocker::packages {

namespace {

// Little-endian words; see rpm's lib/backend/ndb/rpmpkg.c, "package database format".
constexpr std::size_t headerSize = 32;
constexpr std::size_t slotSize = 16;
constexpr std::size_t pageSize = 4096;
constexpr std::size_t blockSize = 16;
constexpr std::size_t blobHead = 16;

std::uint32_t word(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

} // namespace

Result<std::vector<Package>> parseRpmNdb(std::string_view bytes)
{
    if (bytes.size() < pageSize || !bytes.starts_with("RpmP") || word(bytes, 4) != 0)
        return fail(ErrorCode::Corrupt, "it is no ndb database of a version that is known");
    const std::uint64_t slots = std::uint64_t(word(bytes, 12)) * pageSize;
    if (slots == 0 || slots > bytes.size())
        return fail(ErrorCode::Corrupt, "it says it has more slots than there is room for");
    std::vector<Package> packages;
    PathBudget budget;
    std::uint64_t read = 0; // bytes of all blobs: a slot may name the blob of another
    for (std::size_t at = headerSize; at + slotSize <= slots && packages.size() < packagesLimit; at += slotSize) {
        if (bytes.substr(at, 4) != "Slot")
            return fail(ErrorCode::Corrupt, "a slot is not marked as one");
        const std::uint32_t package = word(bytes, at + 4);
        const std::uint64_t blob = std::uint64_t(word(bytes, at + 8)) * blockSize;
        if (package == 0 || blob == 0)
            continue; // free
        if (blob + blobHead > bytes.size() || bytes.substr(blob, 4) != "BlbS" || word(bytes, blob + 4) != package)
            return fail(ErrorCode::Corrupt, "the header of package {} is not where its slot says", package);
        const std::uint64_t size = word(bytes, blob + 12);
        if (blob + blobHead + size > bytes.size() || (read += size) > bytes.size())
            return fail(ErrorCode::Corrupt, "the header of package {} goes beyond the database", package);
        Package found = TRY(parseRpmHeader(bytes.substr(blob + blobHead, size), budget));
        if (!isKey(found))
            packages.push_back(std::move(found));
    }
    return packages;
}

} // namespace rocker::packages
