#include "helper/fetch/layout_writer.h"

#include "engine/archive/tar_writer.h"
#include "engine/image/digest.h"
#include "engine/os/syscall.h"

#include <sys/statvfs.h>
#include <unistd.h>

namespace rocker::fetch {

namespace {

constexpr std::string_view layoutDocument = R"({"imageLayoutVersion":"1.0.0"})";
constexpr auto block = std::int64_t(archive::blockSize);

Result<> writeAt(BorrowedFd file, std::int64_t offset, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(file.value(), bytes.data(), bytes.size(), offset);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(Error::fromErrno(errno).in("write what has come"));
        offset += count;
        bytes.remove_prefix(std::size_t(count));
    }
    return {};
}

Result<> checkRoom(BorrowedFd file, std::int64_t size, std::int64_t limit)
{
    if (size > limit)
        return fail(ErrorCode::ResourceExhausted, "the image has {} bytes: {} are accepted", size, limit);
    struct statvfs room{};
    TRY(os::checkDone(::fstatvfs(file.value(), &room)), "ask for free space");
    const std::uint64_t free = std::uint64_t(room.f_bavail) * room.f_frsize;
    if (std::uint64_t(size) > free)
        return fail(ErrorCode::ResourceExhausted,
            "the image has {} bytes, but only {} are free: remove images or containers", size, free);
    return {};
}

} // namespace

Result<LayoutWriter> LayoutWriter::create(
    BorrowedFd file, const image::Descriptor& manifest, const image::Manifest& image, std::int64_t limit)
{
    const std::string index
        = std::format(R"({{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",)"
                      R"("manifests":[{{"mediaType":"{}","digest":"{}","size":{}}}]}})",
            manifest.mediaType, manifest.digest, manifest.size);
    LayoutWriter writer(file);
    const std::int64_t layoutAt = writer.place("oci-layout", std::int64_t(layoutDocument.size()));
    const std::int64_t indexAt = writer.place("index.json", std::int64_t(index.size()));
    writer.placeBlob(manifest.digest, manifest.size);
    writer.placeBlob(image.config.digest, image.config.size);
    for (const image::Descriptor& layer : image.layers)
        writer.placeBlob(layer.digest, layer.size);
    writer.m_end += 2 * block;

    TRY(checkRoom(file, writer.m_end, limit));
    TRY(os::checkDone(::ftruncate(file.value(), 0)), "empty the file");
    TRY(os::checkDone(::ftruncate(file.value(), writer.m_end)), "make the file");
    TRY(writer.writeHeaders());
    TRY(writeAt(file, layoutAt, layoutDocument));
    TRY(writeAt(file, indexAt, index));
    return writer;
}

// Where the content will stand; what fills the last block is zero already.
std::int64_t LayoutWriter::place(std::string_view name, std::int64_t size)
{
    const archive::Block header = archive::fileHeader(name, std::uint64_t(size));
    m_headers.emplace(m_end, std::string(header.data(), header.size()));
    const std::int64_t content = m_end + block;
    m_end = content + (size + block - 1) / block * block;
    return content;
}

void LayoutWriter::placeBlob(const std::string& digest, std::int64_t size)
{
    if (!m_offsets.contains(digest))
        m_offsets[digest] = place(std::format("blobs/sha256/{}", image::hexOf(digest)), size);
}

Result<> LayoutWriter::writeHeaders() const
{
    for (const auto& [offset, header] : m_headers)
        TRY(writeAt(m_file, offset, header));
    return {};
}

Result<> LayoutWriter::write(const std::string& digest, std::int64_t position, std::string_view bytes) const
{
    const auto found = m_offsets.find(digest);
    if (found == m_offsets.end())
        return fail(ErrorCode::Internal, "the blob {} has no place", digest);
    return writeAt(m_file, found->second + position, bytes);
}

} // namespace rocker::fetch
