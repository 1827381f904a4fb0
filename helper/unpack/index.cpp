#include "helper/unpack/index.h"

#include "engine/archive/decompressor.h"
#include "engine/layout/images.h"
#include "engine/os/file.h"
#include "helper/unpack/archive_kind.h"
#include "helper/unpack/root_image.h"

#include <sys/stat.h>
#include <unistd.h>

namespace rocker::unpack {

namespace {

using layout::ArchiveKind;

constexpr BorrowedFd input(image::InputFd);
constexpr BorrowedFd output(image::OutputFd);

bool isPlainFile()
{
    char magic[archive::magicSize]{};
    const ssize_t seen = ::pread(image::InputFd, magic, sizeof magic, 0);
    return seen >= 0 && archive::compressionOf({magic, std::size_t(seen)}) == archive::Compression::None;
}

Result<image::IndexOutcome> rootOutcome(const image::IndexRequest& request, BorrowedFd tar, bool spooled)
{
    image::IndexOutcome outcome{.spooled = spooled};
    outcome.images.push_back(TRY(rootImage(request, tar, TRY(os::status(tar)).st_size)));
    return outcome;
}

Result<image::IndexOutcome> indexPlain(const image::IndexRequest& request, BorrowedFd tar, bool spooled)
{
    layout::ArchiveClues clues;
    auto files = layout::ArchiveFiles::read(tar, std::uint64_t(TRY(os::status(tar)).st_size), &clues);
    if (clues.kind() == ArchiveKind::FileSystem)
        return rootOutcome(request, tar, spooled);
    if (!files)
        return fail(std::move(files).error().in("this is no readable image archive"));
    if (request.edits)
        return fail(ErrorCode::InvalidArgument, "changes to the configuration are for root file systems: an image has its own");
    return image::IndexOutcome{.spooled = spooled, .images = TRY(layout::readImages(*files, request.architecture))};
}

} // namespace

// A compressed archive, or one that comes through a pipe, becomes a plain file first; a compressed file system stays as it
// came, as a layer may be.
Result<image::IndexOutcome> indexArchive(const image::IndexRequest& request)
{
    if (isPlainFile())
        return indexPlain(request, input, false);
    archive::FdSource stored(input);
    const auto plain = TRY(archive::decompress(stored));
    const ArchiveKind kind = TRY(spoolUnlessFileSystem(*plain, output, request.spoolLimit));
    if (kind != ArchiveKind::FileSystem)
        return indexPlain(request, output, true);
    if (!S_ISREG(TRY(os::status(input)).st_mode))
        return fail(ErrorCode::InvalidArgument, "a root file system has to be a file, to be read more than once");
    return rootOutcome(request, input, false);
}

} // namespace rocker::unpack
