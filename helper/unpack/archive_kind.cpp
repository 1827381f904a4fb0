#include "helper/unpack/archive_kind.h"

#include "engine/archive/decompressor.h"
#include "engine/archive/tar_reader.h"

namespace rocker::unpack {

Result<layout::ArchiveKind> kindOfArchive(archive::ByteSource& source)
{
    layout::ArchiveClues clues;
    const auto plain = TRY(archive::decompress(source));
    archive::TarReader reader(*plain);
    while (clues.kind() == layout::ArchiveKind::Unclear) {
        const auto entry = TRY(reader.next());
        if (!entry)
            break;
        clues.add(*entry);
    }
    return clues.kind();
}

} // namespace rocker::unpack
