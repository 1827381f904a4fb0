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

// A compressed archive, or one that comes through a pipe, becomes a plain file first.
Result<bool> spool(const image::IndexRequest& request)
{
    char magic[archive::magicSize]{};
    const ssize_t seen = ::pread(image::InputFd, magic, sizeof magic, 0);
    if (seen >= 0 && archive::compressionOf({magic, std::size_t(seen)}) == archive::Compression::None)
        return false;
    archive::FdSource input{BorrowedFd(image::InputFd)};
    const auto plain = TRY(archive::decompress(input));
    std::vector<char> buffer(256 * 1024);
    for (std::int64_t total = 0; const std::size_t count = TRY(plain->read(buffer));) {
        if ((total += std::int64_t(count)) > request.spoolLimit)
            return fail(ErrorCode::ResourceExhausted, "the archive unpacks to more than {} bytes", request.spoolLimit);
        TRY(os::writeAll(BorrowedFd(image::OutputFd), {buffer.data(), count}), "spool the archive");
    }
    return true;
}

// What is no archive at all is told about by who reads all of it.
Result<bool> isFileSystem(std::int64_t size)
{
    archive::RangeSource source(BorrowedFd(image::InputFd), 0, std::uint64_t(size));
    const auto kind = kindOfArchive(source);
    return kind && *kind == layout::ArchiveKind::FileSystem;
}

} // namespace

Result<image::IndexOutcome> indexArchive(const image::IndexRequest& request)
{
    image::IndexOutcome outcome;
    const auto input = TRY(os::status(BorrowedFd(image::InputFd)));
    if (S_ISREG(input.st_mode) && TRY(isFileSystem(input.st_size))) {
        outcome.images.push_back(TRY(rootImage(request, input.st_size)));
        return outcome;
    }
    if (request.edits)
        return fail(ErrorCode::InvalidArgument, "changes to the configuration are for root file systems: an image has its own");
    outcome.spooled = TRY(spool(request));
    const BorrowedFd tar(outcome.spooled ? image::OutputFd : image::InputFd);
    const auto status = TRY(os::status(tar));
    auto files = layout::ArchiveFiles::read(tar, std::uint64_t(status.st_size));
    if (!files)
        return fail(std::move(files).error().in("this is no readable image archive"));
    outcome.images = TRY(layout::readImages(*files, request.architecture));
    return outcome;
}

} // namespace rocker::unpack
