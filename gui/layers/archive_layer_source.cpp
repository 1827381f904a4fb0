#include "gui/layers/archive_layer_source.h"

#include "engine/layout/report.h"
#include "gui/layers/subject.h"
#include "gui/models/text.h"

#include <QFile>
#include <QFileInfo>
#include <QPromise>
#include <QSaveFile>
#include <QStandardPaths>

#include <limits>

namespace rocker::gui {

namespace {

using layout::OpenedArchive;

constexpr int progressSteps = 1000;
constexpr int threads = 4;
constexpr qint64 noLimit = std::numeric_limits<qint64>::max();

// Large files without a name: not where memory is the disk, unless the person says so.
std::string scratchDirectory()
{
    const QString named = qEnvironmentVariable("TMPDIR");
    return (named.isEmpty() ? QStringLiteral("/var/tmp") : named).toStdString();
}

Result<std::uint32_t> recordOf(const layers::LayerIndex& index, const std::string& path)
{
    const std::uint32_t record = index.find(path);
    if (record == index.size() || index.at(record).kind != layers::Kind::File)
        return fail(ErrorCode::NotFound, "the layer has no file '{}'", path);
    return record;
}

// A file that appears when all of it is there.
class Target
{
public:
    explicit Target(const QString& path)
        : m_file(path)
    {
    }
    Result<> take(const OpenedArchive::Piece& piece)
    {
        if (!m_file.isOpen() && !m_file.open(QIODevice::WriteOnly))
            return problem("create");
        // What lies between pieces is never written: it stays a hole.
        if (piece.bytes.empty())
            return m_file.resize(qint64(piece.offset)) ? Result<>() : problem("write");
        if (!m_file.seek(qint64(piece.offset))
            || m_file.write(piece.bytes.data(), qint64(piece.bytes.size())) != qint64(piece.bytes.size()))
            return problem("write");
        return {};
    }
    Result<> commit()
    {
        if ((!m_file.isOpen() && !m_file.open(QIODevice::WriteOnly)) || !m_file.commit())
            return problem("write");
        return {};
    }

private:
    Result<> problem(const char* what) const
    {
        return fail(ErrorCode::Internal, "{} '{}': {}", what, m_file.fileName().toStdString(),
            m_file.errorString().toStdString());
    }
    QSaveFile m_file;
};

} // namespace

ArchiveLayerSource::ArchiveLayerSource(std::string program)
    : m_program(std::move(program))
{
    m_pool.setMaxThreadCount(threads);
}

ArchiveLayerSource::~ArchiveLayerSource()
{
    m_ending = true;
    m_pool.waitForDone();
}

template <typename T, typename Work> QFuture<Result<T>> ArchiveLayerSource::run(Work work)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    promise->setProgressRange(0, progressSteps);
    auto future = promise->future();
    m_pool.start([this, promise, work = std::move(work)] {
        const OpenedArchive::Options options{.program = m_program,
            .scratch = scratchDirectory(),
            .progress =
                [&](const image::WorkerProgress& progress) {
                    const int value
                        = progress.total > 0 ? int(double(progress.done) / double(progress.total) * progressSteps) : 0;
                    QString words = text(progress.step);
                    if (progress.total > 0)
                        words += QStringLiteral(" (%1 of %2)").arg(sizeText(progress.done), sizeText(progress.total));
                    promise->setProgressValueAndText(value, words);
                },
            .cancelled = [&] { return m_ending || promise->isCanceled(); }};
        promise->addResult(work(options));
        promise->finish();
    });
    return future;
}

QFuture<Result<SharedImage>> ArchiveLayerSource::image(const std::string& image)
{
    return run<SharedImage>([this, image](const OpenedArchive::Options& options) { return read(image, options); });
}

Result<SharedImage> ArchiveLayerSource::read(const std::string& subject, const OpenedArchive::Options& options)
{
    const auto place = archiveOf(subject);
    if (!place)
        return fail(ErrorCode::InvalidArgument, "'{}' is no archive", subject);
    auto opened = std::make_shared<Opened>();
    opened->archive = TRY(OpenedArchive::open(QFile::encodeName(place->path).toStdString(), options));
    const auto& images = opened->archive->images();
    if (place->number >= images.size())
        return fail(ErrorCode::NotFound, "the archive holds {} images", images.size());
    opened->number = place->number;
    opened->indexes = TRY(opened->archive->indexes(place->number, options));
    const image::ArchivedImage& archived = images[place->number];
    auto content = std::make_shared<ImageContent>();
    const std::string file = QFileInfo(place->path).fileName().toStdString();
    content->name = archived.references.empty() ? file : archived.references.front();
    for (const image::ArchivedLayer& layer : archived.layers)
        content->layers.push_back({layer.diffId, layer.createdBy, {}});
    std::vector<std::string> times;
    for (const image::HistoryEntry& step : archived.record.history)
        if (!step.emptyLayer)
            times.push_back(step.created);
    if (times.size() == content->layers.size())
        for (std::size_t i = 0; i < times.size(); ++i)
            content->layers[i].createdAt = times[i];
    content->createdAt = archived.record.created;
    content->architecture = archived.record.architecture;
    content->indexes = opened->indexes;
    if (!opened->archive->isFileSystem())
        content->settings = layout::settingsOf(archived.record, archived.record.architecture);
    for (const image::ArchivedImage& other : images)
        if (images.size() > 1)
            content->siblings.push_back(
                (other.references.empty() ? std::string("without a name") : other.references.front()) + ", "
                + other.record.architecture);
    content->hold = opened;
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_opened, [](const auto& entry) { return entry.second.expired(); });
    content->id = "opened:" + std::to_string(++m_serial);
    m_opened[content->id] = opened;
    return content;
}

Result<std::shared_ptr<const ArchiveLayerSource::Opened>> ArchiveLayerSource::opened(const std::string& id)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_opened.find(id);
    auto opened = found == m_opened.end() ? nullptr : found->second.lock();
    if (!opened)
        return fail(ErrorCode::NotFound, "the archive is no longer open");
    return opened;
}

QFuture<Result<FileBytes>> ArchiveLayerSource::file(
    const std::string& image, std::size_t layer, const std::string& path, qint64 limit)
{
    return run<FileBytes>([=, this](const OpenedArchive::Options& options) -> Result<FileBytes> {
        const auto from = TRY(opened(image));
        if (layer >= from->indexes.size())
            return fail(ErrorCode::NotFound, "the image has {} layers", from->indexes.size());
        FileBytes file;
        const auto take = [&](const OpenedArchive::Piece& piece) -> Result<> {
            const qsizetype end = qsizetype(std::min(quint64(limit), quint64(piece.offset)));
            file.bytes.append(std::max<qsizetype>(0, end - file.bytes.size()), '\0'); // a hole
            file.bytes.append(piece.bytes.data(), qsizetype(piece.bytes.size()));
            file.whole = piece.bytes.empty() && piece.offset <= quint64(limit);
            return {};
        };
        TRY(from->archive->take(
            from->number, layer, {TRY(recordOf(from->indexes[layer], path))}, limit, take, options));
        return file;
    });
}

QFuture<Result<std::vector<Result<std::string>>>> ArchiveLayerSource::files(
    const std::string& image, std::vector<FilePlace> places, qint64 limit)
{
    using Contents = std::vector<Result<std::string>>;
    return run<Contents>([=, this](const OpenedArchive::Options& options) -> Result<Contents> {
        const auto from = TRY(opened(image));
        Contents contents(places.size(), std::string());
        // One worker reads all that are wanted of a layer.
        std::map<std::size_t, std::pair<std::vector<std::uint32_t>, std::vector<std::size_t>>> byLayer;
        for (std::size_t i = 0; i < places.size(); ++i) {
            const FilePlace& place = places[i];
            const auto record = place.layer < from->indexes.size()
                ? recordOf(from->indexes[place.layer], place.path)
                : Result<std::uint32_t>(fail(ErrorCode::NotFound, "there is no such layer"));
            if (!record) {
                contents[i] = fail(record.error());
            } else if (from->indexes[place.layer].at(*record).size > quint64(limit)) {
                contents[i] = fail(ErrorCode::ResourceExhausted, "it has more than {} bytes", limit);
            } else {
                byLayer[place.layer].first.push_back(*record);
                byLayer[place.layer].second.push_back(i);
            }
        }
        for (const auto& [layer, wanted] : byLayer) {
            const auto sink = [&](const OpenedArchive::Piece& piece) -> Result<> {
                std::string& content = *contents[wanted.second[piece.wish]];
                content.resize(std::max<std::size_t>(content.size(), std::size_t(piece.offset)), '\0'); // a hole
                content += piece.bytes;
                return {};
            };
            TRY(from->archive->take(from->number, layer, wanted.first, limit, sink, options));
        }
        return contents;
    });
}

QFuture<Result<>> ArchiveLayerSource::save(
    const std::string& image, std::size_t layer, const std::string& path, const QString& target)
{
    return saveAll(image, {{layer, path, target}});
}

QFuture<Result<>> ArchiveLayerSource::saveAll(const std::string& image, std::vector<FileWish> wishes)
{
    return run<void>([this, image, wishes = std::move(wishes)](const OpenedArchive::Options& options) -> Result<> {
        const auto from = TRY(opened(image));
        std::map<std::size_t, std::vector<FileWish>> byLayer;
        for (const FileWish& wish : wishes)
            byLayer[wish.layer].push_back(wish);
        for (const auto& [layer, some] : byLayer)
            TRY(saveLayer(*from, layer, some, options));
        return {};
    });
}

Result<> ArchiveLayerSource::saveLayer(const Opened& image, std::size_t layer, const std::vector<FileWish>& wishes,
    const OpenedArchive::Options& options)
{
    if (layer >= image.indexes.size())
        return fail(ErrorCode::NotFound, "the image has {} layers", image.indexes.size());
    std::vector<std::uint32_t> records;
    for (const FileWish& wish : wishes)
        records.push_back(TRY(recordOf(image.indexes[layer], wish.path)));
    std::map<std::size_t, std::unique_ptr<Target>> targets; // those that are being written: one, or two
    return image.archive->take(
        image.number, layer, records, noLimit,
        [&](const OpenedArchive::Piece& piece) -> Result<> {
            auto& target = targets[piece.wish];
            if (!target)
                target = std::make_unique<Target>(wishes[piece.wish].target);
            TRY(target->take(piece));
            if (!piece.bytes.empty())
                return {};
            TRY(target->commit());
            targets.erase(piece.wish);
            return {};
        },
        options);
}

} // namespace rocker::gui
