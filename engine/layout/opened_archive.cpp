#include "engine/layout/opened_archive.h"

#include "engine/image/worker_process.h"
#include "engine/os/file.h"
#include "engine/os/process.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <poll.h>
#include <set>
#include <thread>
#include <unistd.h>

namespace rocker::layout {

namespace {

using image::WorkerProcess;
using json::UnknownKeys;

constexpr std::int64_t spoolLimit = 64LL << 30;
constexpr std::int64_t notesLimit = 1LL << 30; // bytes of what is kept of one layer
constexpr int patience = 100;                  // milliseconds between questions whether it is still wanted

Error givenUp()
{
    return {ErrorCode::Cancelled, 0, "given up"};
}

bool wanted(const OpenedArchive::Options& options)
{
    return !options.cancelled || !options.cancelled();
}

// A file without a name: gone with its last descriptor, whatever happens.
Result<UniqueFd> scratchFile(const std::string& directory)
{
    UniqueFd file(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file.valid())
        return file;
    std::string name = directory + "/rocker.XXXXXX"; // not every file system has such files
    file = UniqueFd(::mkostemp(name.data(), O_CLOEXEC));
    if (!file.valid())
        return fail(Error::fromErrno(errno).in(std::format("make a temporary file in '{}'", directory)));
    ::unlink(name.c_str());
    return file;
}

Result<json::Value> finished(WorkerProcess& worker, const OpenedArchive::Options& options)
{
    while (worker.pump(options.progress)) {
        if (!wanted(options))
            return fail(givenUp()); // dropped, the worker is killed
        pollfd waiting{worker.messages().value(), POLLIN, 0};
        ::poll(&waiting, 1, patience);
    }
    return worker.finish();
}

Result<> checkExtents(const OpenOutcome& outcome, std::int64_t size)
{
    for (const image::ArchivedImage& image : outcome.images)
        for (const image::ArchivedLayer& layer : image.layers)
            if (layer.offset < 0 || layer.size < 0 || layer.offset > size || layer.size > size - layer.offset)
                return fail(ErrorCode::Corrupt, "a layer lies outside of the archive");
    return {};
}

Result<> checkOutcome(const OpenOutcome& outcome, std::int64_t size)
{
    if (!outcome.fileSystem)
        TRY(image::checkIndexOutcome({outcome.spooled, outcome.images}));
    else if (outcome.images.size() != 1 || outcome.images.front().layers.size() != 1)
        return fail(ErrorCode::Corrupt, "a file system is one layer");
    return checkExtents(outcome, size);
}

Result<> checkNotes(const LookOutcome& look, std::int64_t size)
{
    const auto fits = [](std::int64_t value) { return value >= 0 && value <= notesLimit; };
    if (!fits(look.indexSize) || !fits(look.places) || !fits(look.points) || !fits(look.statesSize)
        || look.indexSize + look.places * 8 + look.points * std::int64_t(sizeof(SeekPoint)) + look.statesSize != size)
        return fail(ErrorCode::Corrupt, "what was noted of the layer is damaged");
    return {};
}

Result<std::string> readNotes(BorrowedFd notes, std::uint64_t offset, std::size_t size)
{
    std::string bytes(size, '\0');
    archive::RangeSource source(notes, offset, size);
    if (TRY(archive::readFully(source, bytes)) != size)
        return fail(ErrorCode::Corrupt, "what was noted of the layer is truncated");
    return bytes;
}

// What several lookers have read together.
class SharedProgress
{
public:
    SharedProgress(std::int64_t total, std::size_t layers) : m_total(total), m_layers(layers) {}
    void add(std::int64_t bytes) { m_done += bytes; }
    void layerDone() { ++m_layersDone; }
    image::WorkerProgress now() const
    {
        return {m_done, m_total, std::format("Reading layer {} of {}", std::min(m_layersDone + 1, m_layers), m_layers)};
    }

private:
    std::atomic<std::int64_t> m_done{0};
    std::int64_t m_total;
    std::atomic<std::size_t> m_layersDone{0};
    std::size_t m_layers;
};

} // namespace

std::string viewerProgram()
{
    std::error_code ignored;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
    const auto beside = self.parent_path() / "rocker-unpack";
    return std::filesystem::exists(beside, ignored) ? beside.string() : "/usr/libexec/rocker/rocker-unpack";
}

Result<std::shared_ptr<OpenedArchive>> OpenedArchive::open(const std::string& path, const Options& options)
{
    UniqueFd archive = TRY(os::open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY), "open '{}'", path);
    UniqueFd spool = TRY(scratchFile(options.scratch));
    auto worker = TRY(WorkerProcess::start(
        {options.program, "open", json::write(OpenRequest{spoolLimit}), archive, spool}));
    auto outcome = TRY(json::read<OpenOutcome>(TRY(finished(worker, options), "'{}'", path), UnknownKeys::Refuse));
    if (outcome.spooled)
        archive = std::move(spool);
    TRY(checkOutcome(outcome, TRY(os::status(archive)).st_size), "'{}'", path);
    return std::shared_ptr<OpenedArchive>(
        new OpenedArchive(std::move(archive), std::move(outcome.images), outcome.fileSystem));
}

Result<bool> OpenedArchive::isFileSystem(const std::string& path, const Options& options)
{
    const UniqueFd archive = TRY(os::open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY), "open '{}'", path);
    auto worker = TRY(WorkerProcess::start({options.program, "open", json::write(OpenRequest{}), archive}));
    return TRY(json::read<OpenOutcome>(TRY(finished(worker, options), "'{}'", path), UnknownKeys::Refuse)).fileSystem;
}

Result<std::shared_ptr<const OpenedArchive::Looked>> OpenedArchive::look(Key key, const Options& options) const
{
    Looked looked;
    looked.notes = TRY(scratchFile(options.scratch));
    auto worker = TRY(WorkerProcess::start(
        {options.program, "look", json::write(LookRequest{key.first, key.second}), m_archive, looked.notes}));
    looked.extent = TRY(json::read<LookOutcome>(TRY(finished(worker, options)), UnknownKeys::Refuse));
    TRY(checkNotes(looked.extent, TRY(os::status(looked.notes)).st_size));
    looked.index = TRY(layers::LayerIndex::parse(TRY(readNotes(looked.notes, 0, std::size_t(looked.extent.indexSize)))));
    if (looked.extent.places != std::int64_t(looked.index.size()))
        return fail(ErrorCode::Corrupt, "what was noted of the layer is damaged");
    return std::make_shared<const Looked>(std::move(looked));
}

Result<std::vector<layers::LayerIndex>> OpenedArchive::indexes(std::size_t image, const Options& options)
{
    const auto& layers = m_images.at(image).layers;
    std::vector<std::pair<Key, std::size_t>> missing; // and for which layer first
    std::int64_t total = 0;
    {
        const std::lock_guard lock(m_mutex);
        std::set<Key> seen;
        for (std::size_t i = 0; i < layers.size(); ++i)
            if (const Key key{layers[i].offset, layers[i].size}; !m_looked.contains(key) && seen.insert(key).second) {
                missing.emplace_back(key, i);
                total += key.second;
            }
    }
    std::ranges::sort(missing, std::greater(), [](const auto& layer) { return layer.first.second; }); // the longest first
    SharedProgress progress(total, missing.size());
    std::atomic<std::size_t> next{0};
    std::atomic<bool> over{false};
    std::atomic<std::size_t> working{0};
    std::optional<Error> failure;
    std::mutex failing;
    const auto work = [&] {
        for (std::size_t i; !over && (i = next++) < missing.size();) {
            Options own = options;
            std::int64_t said = 0;
            own.progress = [&](const image::WorkerProgress& told) { progress.add(told.done - std::exchange(said, told.done)); };
            own.cancelled = [&] { return over.load(); };
            auto looked = look(missing[i].first, own);
            if (!looked) {
                const std::lock_guard lock(failing);
                if (!over.exchange(true))
                    failure = std::move(looked).error().in(std::format("layer {}", missing[i].second + 1));
                continue;
            }
            progress.add(missing[i].first.second - said);
            progress.layerDone();
            const std::lock_guard lock(m_mutex);
            m_looked.emplace(missing[i].first, std::move(*looked));
        }
        --working;
    };
    std::vector<std::jthread> workers;
    const std::size_t count = std::min<std::size_t>(missing.size(), std::clamp(std::thread::hardware_concurrency(), 1U, 8U));
    working = count;
    for (std::size_t i = 0; i < count; ++i)
        workers.emplace_back(work);
    while (working > 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        if (!wanted(options))
            over = true;
        if (options.progress)
            options.progress(progress.now());
    }
    workers.clear();
    if (failure)
        return fail(std::move(*failure));
    if (over)
        return fail(givenUp());
    std::vector<layers::LayerIndex> indexes;
    const std::lock_guard lock(m_mutex);
    for (const image::ArchivedLayer& layer : layers)
        indexes.push_back(m_looked.at({layer.offset, layer.size})->index);
    return indexes;
}

Result<> OpenedArchive::take(std::size_t image, std::size_t layer, const std::vector<std::uint32_t>& records, std::int64_t limit,
                             const Sink& sink, const Options& options)
{
    const image::ArchivedLayer& archived = m_images.at(image).layers.at(layer);
    std::shared_ptr<const Looked> looked;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_looked.find({archived.offset, archived.size});
        if (found == m_looked.end())
            return fail(ErrorCode::FailedPrecondition, "nobody has looked at the layer yet");
        looked = found->second;
    }
    std::vector<Wish> wishes;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i] >= looked->index.size() || looked->index.at(records[i]).kind != layers::Kind::File)
            return fail(ErrorCode::InvalidArgument, "this is no regular file");
        const std::string place
            = TRY(readNotes(looked->notes, std::uint64_t(looked->extent.indexSize) + 8ULL * records[i], 8));
        std::uint64_t value;
        std::memcpy(&value, place.data(), sizeof value);
        wishes.push_back({value & std::uint64_t(INT64_MAX), i, looked->index.at(records[i]).size});
    }
    std::ranges::sort(wishes, {}, &Wish::place);
    for (std::span<const Wish> rest(wishes); !rest.empty();
         rest = rest.subspan(std::min(rest.size(), takeLimit)))
        TRY(takeSome(archived, *looked, rest.first(std::min(rest.size(), takeLimit)), limit, sink, options));
    return {};
}

Result<> OpenedArchive::takeSome(const image::ArchivedLayer& layer, const Looked& looked,
                                 std::span<const Wish> wishes, std::int64_t limit, const Sink& sink,
                                 const Options& options) const
{
    TakeRequest request{.offset = layer.offset, .size = layer.size,
                        .pointsAt = looked.extent.indexSize + 8 * looked.extent.places, .points = looked.extent.points,
                        .limit = limit};
    for (const Wish& wish : wishes)
        request.places.push_back(std::int64_t(wish.place));
    os::Pipe pipe = TRY(os::makePipe());
    auto worker = TRY(WorkerProcess::start(
        {options.program, "take", json::write(request), m_archive, pipe.writeEnd, looked.notes}));
    pipe.writeEnd.reset();
    archive::FdSource source(pipe.readEnd);
    std::vector<char> bytes;
    std::size_t whole = 0; // files, in their order
    std::uint64_t end = 0; // of what has come of the next one
    for (;;) {
        if (!wanted(options))
            return fail(givenUp());
        pollfd waiting{pipe.readEnd.value(), POLLIN, 0};
        if (::poll(&waiting, 1, patience) == 0)
            continue;
        PieceHeader header;
        const std::size_t count = TRY(archive::readFully(source, std::span(reinterpret_cast<char*>(&header), sizeof header)));
        if (count != sizeof header)
            break; // what the worker says last tells whether it was all
        // It has read what strangers wrote: not even its lengths are taken on trust.
        const bool known = header.file == whole && whole < wishes.size() && header.size <= pieceLimit && header.offset >= end;
        const std::uint64_t size = known ? wishes[whole].size : 0;
        const bool fits = header.size == 0 ? header.offset == size
                                           : header.offset <= size && header.size <= size - header.offset
                && header.offset + header.size <= std::uint64_t(limit);
        if (!known || !fits)
            return fail(ErrorCode::Corrupt, "the worker sends what nobody asked for");
        bytes.resize(header.size);
        if (TRY(archive::readFully(source, bytes)) != bytes.size())
            break;
        TRY(sink({wishes[whole].number, header.offset, {bytes.data(), bytes.size()}}));
        end = header.size == 0 ? 0 : header.offset + header.size;
        whole += header.size == 0;
    }
    TRY(finished(worker, options));
    if (whole != wishes.size())
        return fail(ErrorCode::Corrupt, "the worker has not sent every file");
    return {};
}

} // namespace rocker::layout
