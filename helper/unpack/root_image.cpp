#include "helper/unpack/root_image.h"

#include "engine/archive/decompressor.h"
#include "engine/archive/tar_reader.h"
#include "engine/image/digest.h"
#include "engine/layout/images.h"
#include "helper/unpack/configuration.h"

#include <ctime>

namespace rocker::unpack {

namespace {

using json::Value;

// All bytes that pass, the tar's end and what follows it as well.
class DigestedTar : public archive::ByteSource
{
public:
    explicit DigestedTar(archive::ByteSource& source) : m_source(source) {}
    Result<std::size_t> read(std::span<char> buffer) override
    {
        const std::size_t count = TRY(m_source.read(buffer));
        m_digest.add(buffer.first(count));
        return count;
    }
    Result<std::string> finish()
    {
        std::vector<char> rest(256 * 1024);
        while (TRY(read(rest)) > 0) { }
        return m_digest.digest();
    }

private:
    archive::ByteSource& m_source;
    image::Sha256 m_digest;
};

struct Contents {
    std::string diffId;
    std::time_t newest = 0;
};

Result<Contents> readContents(BorrowedFd file, std::int64_t size)
{
    archive::RangeSource range(file, 0, std::uint64_t(size));
    const auto plain = TRY(archive::decompress(range));
    DigestedTar tar(*plain);
    archive::TarReader reader(tar);
    Contents contents;
    while (const auto entry = TRY(reader.next()))
        contents.newest = std::max(contents.newest, entry->modified.tv_sec);
    contents.diffId = TRY(tar.finish());
    return contents;
}

std::string timeText(std::time_t time)
{
    constexpr std::time_t lastYear = 253402300799; // of four digits
    tm parts{};
    time = std::min(time, lastYear);
    ::gmtime_r(&time, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

} // namespace

Result<image::ArchivedImage> rootImage(const image::IndexRequest& request, BorrowedFd tar, std::int64_t size)
{
    const Contents contents = TRY(readContents(tar, size), "read the file system");
    const std::string created = timeText(contents.newest);
    Value configuration{{"architecture", request.architecture},
                        {"os", "linux"},
                        {"created", created},
                        {"config", Value::object()},
                        {"rootfs", {{"type", "layers"}, {"diff_ids", Value::array({contents.diffId})}}},
                        {"history", Value::array({{{"created", created}, {"created_by", "rocker import"}}})}};
    if (request.edits)
        editConfiguration(configuration, *request.edits);
    image::ArchivedImage made;
    made.layers.push_back({.diffId = contents.diffId, .offset = 0, .size = size});
    TRY(layout::applyConfiguration(made, json::dump(configuration)));
    return made;
}

} // namespace rocker::unpack
