#include "helper/unpack/stream.h"

#include "engine/archive/decompressor.h"
#include "engine/image/digest.h"
#include "engine/os/file.h"

namespace rocker::unpack {

namespace {

// Passes bytes on and counts them into a digest.
class DigestingSource : public archive::ByteSource
{
public:
    explicit DigestingSource(archive::ByteSource& source) : m_source(source) {}
    Result<std::size_t> read(std::span<char> buffer) override
    {
        const std::size_t count = TRY(m_source.read(buffer));
        m_digest.add(buffer.first(count));
        return count;
    }
    std::string digest() { return m_digest.digest(); }

private:
    archive::ByteSource& m_source;
    image::Sha256 m_digest;
};

} // namespace

Result<image::StreamOutcome> streamLayer(const image::StreamRequest& request)
{
    const image::ArchivedLayer& layer = request.layer;
    archive::RangeSource range(BorrowedFd(image::InputFd), std::uint64_t(layer.offset), std::uint64_t(layer.size));
    DigestingSource stored(range);
    const auto plain = TRY(archive::decompress(stored), "layer {}", layer.diffId);
    image::Sha256 digest;
    std::int64_t bytes = 0;
    std::vector<char> buffer(256 * 1024);
    bool listening = true;
    while (const std::size_t count = TRY(plain->read(buffer), "layer {}", layer.diffId)) {
        digest.add({buffer.data(), count});
        bytes += std::int64_t(count);
        // The unpacker stops reading at the archive's end; what follows still belongs to the digest.
        if (listening)
            listening = os::writeAll(BorrowedFd(image::OutputFd), {buffer.data(), count}).has_value();
    }
    while (TRY(stored.read(buffer)) > 0) { }
    if (const std::string found = stored.digest(); !layer.blobDigest.empty() && found != layer.blobDigest)
        return fail(ErrorCode::Corrupt, "the layer {} has another digest: {}", layer.blobDigest, found);
    const std::string found = digest.digest();
    if (found != layer.diffId)
        return fail(ErrorCode::Corrupt, "the layer {} unpacks to another diff ID: {}", layer.diffId, found);
    return image::StreamOutcome{found, bytes};
}

} // namespace rocker::unpack
