#include "helper/unpack/look.h"

#include "engine/archive/decompressor.h"
#include "engine/archive/tar_reader.h"
#include "engine/layout/images.h"
#include "engine/layout/layer_look.h"
#include "engine/os/file.h"
#include "helper/unpack/archive_kind.h"
#include "helper/unpack/pack.h"

#include <algorithm>
#include <cstring>
#include <sys/stat.h>

namespace rocker::unpack {

namespace {

using archive::ByteSource;

constexpr BorrowedFd input(image::InputFd);
constexpr BorrowedFd output(image::OutputFd);
constexpr std::uint64_t progressStep = 4 << 20;

// Says how far the archive has been read.
class Watched : public ByteSource
{
public:
    Watched(ByteSource& source, std::int64_t total, std::string step, const SayProgress& say)
        : m_source(source), m_progress{0, total, std::move(step)}, m_say(say)
    {
    }
    Result<std::size_t> read(std::span<char> buffer) override
    {
        const std::size_t count = TRY(m_source.read(buffer));
        m_progress.done += std::int64_t(count);
        if (std::uint64_t(m_progress.done - m_said) >= progressStep) {
            m_say(m_progress);
            m_said = m_progress.done;
        }
        return count;
    }

private:
    ByteSource& m_source;
    image::WorkerProgress m_progress;
    const SayProgress& m_say;
    std::int64_t m_said = 0;
};

layout::OpenOutcome singleLayer(std::int64_t size)
{
    layout::OpenOutcome outcome{.fileSystem = true};
    outcome.images.emplace_back().layers.push_back({.offset = 0, .size = size});
    return outcome;
}

Result<layout::OpenOutcome> imagesOf(BorrowedFd tar, const layout::ArchiveFiles& files)
{
    layout::OpenOutcome outcome{.spooled = tar.value() == output.value()};
    outcome.images = TRY(layout::readImages(files, ""));
    return outcome;
}

Result<layout::OpenOutcome> openPlain(BorrowedFd tar, std::int64_t size)
{
    layout::ArchiveClues clues;
    auto files = layout::ArchiveFiles::read(tar, std::uint64_t(size), &clues);
    if (clues.kind() == layout::ArchiveKind::FileSystem)
        return singleLayer(size);
    if (!files)
        return fail(std::move(files).error().in("this is no readable archive"));
    if (clues.kind() == layout::ArchiveKind::Unclear)
        return singleLayer(size);
    return imagesOf(tar, *files);
}

// Only an image archive that is compressed as a whole has to be laid out flat.
Result<layout::OpenOutcome> openCompressed(const layout::OpenRequest& request, std::int64_t size, const SayProgress& say)
{
    archive::RangeSource range(input, 0, std::uint64_t(size));
    Watched watched(range, size, "Unpacking the archive", say);
    const auto plain = TRY(archive::decompress(watched));
    if (request.spoolLimit == 0)
        return layout::OpenOutcome{.fileSystem = TRY(kindOfArchive(*plain), "this is no readable archive") == layout::ArchiveKind::FileSystem};
    if (TRY(spoolUnlessFileSystem(*plain, output, request.spoolLimit)) == layout::ArchiveKind::FileSystem)
        return singleLayer(size);
    auto outcome = TRY(openPlain(output, TRY(os::status(output)).st_size));
    outcome.spooled = true; // of a single layer as well: it is there already
    return outcome;
}

Result<> write(std::string_view bytes)
{
    return os::writeAll(output, bytes);
}

template<typename T>
std::string_view bytesOf(const std::vector<T>& values)
{
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

Result<std::string> readNote(std::uint64_t offset, std::size_t size)
{
    std::string bytes(size, '\0');
    archive::RangeSource source(BorrowedFd(layout::LookFd), offset, size);
    if (TRY(archive::readFully(source, bytes)) != size)
        return fail(ErrorCode::Corrupt, "what was noted of the layer is truncated");
    return bytes;
}

Result<> sendFile(std::uint32_t number, archive::TarReader& reader, std::uint64_t size, std::uint64_t limit)
{
    const auto send = [&](std::uint64_t offset, std::span<const char> bytes) -> Result<> {
        const layout::PieceHeader header{number, std::uint32_t(bytes.size()), offset};
        TRY(write({reinterpret_cast<const char*>(&header), sizeof header}));
        return write({bytes.data(), bytes.size()});
    };
    while (const auto piece = TRY(reader.nextPiece())) {
        if (piece->offset >= limit)
            break;
        TRY(send(piece->offset, piece->bytes.first(std::min<std::uint64_t>(piece->bytes.size(), limit - piece->offset))));
    }
    return send(size, {});
}

} // namespace

Result<layout::OpenOutcome> openArchive(const layout::OpenRequest& request, const SayProgress& say)
{
    const struct stat status = TRY(os::status(input));
    if (S_ISDIR(status.st_mode) && request.spoolLimit == 0)
        return layout::OpenOutcome();
    if (S_ISDIR(status.st_mode)) {
        TRY(packLayout({.spoolLimit = request.spoolLimit}));
        return openPlain(output, TRY(os::status(output)).st_size);
    }
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::InvalidArgument, "this is neither a file nor a directory");
    char magic[archive::magicSize];
    archive::RangeSource start(input, 0, std::uint64_t(status.st_size));
    const std::size_t seen = TRY(archive::readFully(start, magic));
    if (seen == 0)
        return fail(ErrorCode::Corrupt, "the file is empty");
    return archive::compressionOf({magic, seen}) == archive::Compression::None ? openPlain(input, status.st_size)
                                                                                : openCompressed(request, status.st_size, say);
}

Result<layout::LookOutcome> lookAtLayer(const layout::LookRequest& request, const SayProgress& say)
{
    const layout::LayerLook look
        = TRY(layout::lookAtLayer(input, {std::uint64_t(request.offset), std::uint64_t(request.size)}, [&](std::uint64_t done) {
              return say({std::int64_t(done), request.size, ""}), Result<>{};
          }));
    for (const std::string_view part : {std::string_view(look.index), bytesOf(look.places), bytesOf(look.points), std::string_view(look.states)})
        TRY(write(part), "note what is in the layer");
    return layout::LookOutcome{std::int64_t(look.index.size()), std::int64_t(look.places.size()),
                               std::int64_t(look.points.size()), std::int64_t(look.states.size())};
}

Result<> takeFiles(const layout::TakeRequest& request)
{
    constexpr std::uint64_t reach = 8 << 20; // what lies nearer is read on to
    if (request.places.size() > layout::takeLimit || request.points < 0 || request.points > 4096)
        return fail(ErrorCode::InvalidArgument, "this is too much at once");
    std::vector<layout::SeekPoint> points(std::size_t(request.points));
    const std::string table = TRY(readNote(std::uint64_t(request.pointsAt), points.size() * sizeof(layout::SeekPoint)));
    std::memcpy(points.data(), table.data(), table.size());
    const std::uint64_t states = std::uint64_t(request.pointsAt) + table.size();
    const layout::LayerExtent extent{std::uint64_t(request.offset), std::uint64_t(request.size)};
    const layout::StateOf stateOf = [&](const layout::SeekPoint& point) -> Result<std::string> {
        if (point.stateSize > (1 << 20))
            return fail(ErrorCode::Corrupt, "what was noted of the layer is damaged");
        return readNote(states + point.state, point.stateSize);
    };
    std::unique_ptr<layout::CountedSource> source;
    for (std::uint32_t number = 0; number < request.places.size(); ++number) {
        const std::uint64_t place = std::uint64_t(request.places[number]);
        if (!source || source->position() > place || place - source->position() > reach)
            source = std::make_unique<layout::CountedSource>(TRY(layout::openTarAt(input, extent, place, points, stateOf)), place);
        TRY(source->skipTo(place));
        archive::TarReader reader(*source);
        const auto entry = TRY(reader.next());
        if (!entry || entry->type != archive::EntryType::Regular)
            return fail(ErrorCode::Corrupt, "where a file was noted there is none");
        TRY(sendFile(number, reader, entry->size, std::uint64_t(request.limit)));
    }
    return {};
}

} // namespace rocker::unpack
