#include "helper/unpack/archive_kind.h"

#include "engine/archive/tar_reader.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <unistd.h>

namespace rocker::unpack {

namespace {

// What is read goes to the spool file as well.
class Spooling : public archive::ByteSource
{
public:
    Spooling(archive::ByteSource& source, BorrowedFd spool, std::int64_t limit) : m_source(source), m_spool(spool), m_limit(limit) {}
    Result<std::size_t> read(std::span<char> buffer) override
    {
        const std::size_t count = TRY(m_source.read(buffer));
        if ((m_total += std::int64_t(count)) > m_limit)
            return fail(ErrorCode::ResourceExhausted, "the archive unpacks to more than {} bytes", m_limit);
        TRY(os::writeAll(m_spool, {buffer.data(), count}), "spool the archive");
        return count;
    }

private:
    archive::ByteSource& m_source;
    BorrowedFd m_spool;
    std::int64_t m_limit;
    std::int64_t m_total = 0;
};

} // namespace

Result<layout::ArchiveKind> kindOfArchive(archive::ByteSource& plain)
{
    layout::ArchiveClues clues;
    archive::TarReader reader(plain);
    while (clues.kind() == layout::ArchiveKind::Unclear) {
        const auto entry = TRY(reader.next());
        if (!entry)
            break;
        clues.add(*entry);
    }
    return clues.kind();
}

Result<layout::ArchiveKind> spoolUnlessFileSystem(archive::ByteSource& plain, BorrowedFd spool, std::int64_t limit)
{
    Spooling spooled(plain, spool, limit);
    const auto kind = kindOfArchive(spooled);
    if (kind && *kind == layout::ArchiveKind::FileSystem) {
        TRY(os::checkDone(::ftruncate(spool.value(), 0)));
        return *kind;
    }
    std::vector<char> buffer(256 * 1024);
    while (TRY(spooled.read(buffer)) > 0) { }
    return kind.value_or(layout::ArchiveKind::Unclear);
}

} // namespace rocker::unpack
