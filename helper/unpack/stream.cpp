#include "helper/unpack/stream.h"

#include "engine/archive/decompressor.h"
#include "engine/image/digest.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"
#include "helper/unpack/writeback.h"

#include <unistd.h>

namespace rocker::unpack {

namespace {

// Writes what is to be kept of a layer, and counts it.
class Keeper
{
public:
    explicit Keeper(const image::StreamRequest& request) : m_keep(request.keep), m_limit(request.blobLimit) {}
    Result<> add(std::span<const char> bytes)
    {
        m_size += std::int64_t(bytes.size());
        if (!m_keep)
            return {};
        if (m_size > m_limit)
            return fail(ErrorCode::ResourceExhausted, "the layer takes more than {} bytes as it came", m_limit);
        TRY(os::writeAll(BorrowedFd(image::BlobFd), {bytes.data(), bytes.size()}), "keep the layer");
        m_writeback.written(BorrowedFd(image::BlobFd), std::uint64_t(m_size));
        return {};
    }
    std::int64_t size() const { return m_size; }

private:
    bool m_keep;
    std::int64_t m_limit;
    std::int64_t m_size = 0;
    Writeback m_writeback;
};

// Passes bytes on, counts them into a digest, and lets them be kept.
class DigestingSource : public archive::ByteSource
{
public:
    DigestingSource(archive::ByteSource& source, Keeper* keeper) : m_source(source), m_keeper(keeper) {}
    Result<std::size_t> read(std::span<char> buffer) override
    {
        const std::size_t count = TRY(m_source.read(buffer));
        m_digest.add(buffer.first(count));
        if (m_keeper)
            TRY(m_keeper->add(buffer.first(count)));
        return count;
    }
    std::string digest() { return m_digest.digest(); }

private:
    archive::ByteSource& m_source;
    Keeper* m_keeper;
    image::Sha256 m_digest;
};

// Of a layer that comes without a media type; empty for what no image may have.
std::string mediaTypeOf(archive::Compression compression)
{
    switch (compression) {
    case archive::Compression::None:
        return image::layerMediaType;
    case archive::Compression::Gzip:
        return std::string(image::layerMediaType) + "+gzip";
    case archive::Compression::Zstd:
        return std::string(image::layerMediaType) + "+zstd";
    case archive::Compression::Xz:
    case archive::Compression::Bzip2:
        break;
    }
    return {};
}

Result<std::string> mediaTypeOf(const image::ArchivedLayer& layer)
{
    if (!layer.mediaType.empty())
        return layer.mediaType;
    char magic[archive::magicSize];
    archive::RangeSource start(BorrowedFd(image::InputFd), std::uint64_t(layer.offset), std::uint64_t(layer.size));
    const std::size_t seen = TRY(archive::readFully(start, magic), "layer {}", layer.diffId);
    return mediaTypeOf(archive::compressionOf({magic, seen}));
}

} // namespace

Result<image::StreamOutcome> streamLayer(const image::StreamRequest& request)
{
    const image::ArchivedLayer& layer = request.layer;
    const std::string mediaType = TRY(mediaTypeOf(layer));
    const bool asItCame = !mediaType.empty();
    Keeper keeper(request);
    archive::RangeSource range(BorrowedFd(image::InputFd), std::uint64_t(layer.offset), std::uint64_t(layer.size));
    DigestingSource stored(range, asItCame ? &keeper : nullptr);
    const auto plain = TRY(archive::decompress(stored), "layer {}", layer.diffId);
    image::Sha256 digest;
    std::vector<char> buffer(256 * 1024);
    bool listening = true;
    while (const std::size_t count = TRY(plain->read(buffer), "layer {}", layer.diffId)) {
        digest.add({buffer.data(), count});
        if (!asItCame)
            TRY(keeper.add({buffer.data(), count}));
        // The unpacker stops reading at the archive's end; what follows still belongs to the digest.
        if (listening)
            listening = os::writeAll(BorrowedFd(image::OutputFd), {buffer.data(), count}).has_value();
    }
    while (TRY(stored.read(buffer)) > 0) { }
    const std::string blob = stored.digest();
    if (!layer.blobDigest.empty() && blob != layer.blobDigest)
        return fail(ErrorCode::Corrupt, "the layer {} has another digest: {}", layer.blobDigest, blob);
    const std::string diffId = digest.digest();
    if (diffId != layer.diffId)
        return fail(ErrorCode::Corrupt, "the layer {} unpacks to another diff ID: {}", layer.diffId, diffId);
    if (!asItCame)
        return image::StreamOutcome{diffId, diffId, keeper.size(), image::layerMediaType};
    return image::StreamOutcome{diffId, blob, keeper.size(), mediaType};
}

} // namespace rocker::unpack
