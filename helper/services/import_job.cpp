#include "helper/services/import_job.h"

#include "engine/image/digest.h"
#include "engine/image/reference.h"
#include "engine/os/file.h"
#include "engine/os/process.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/utsname.h>
#include <utility>

namespace rocker {

namespace {

constexpr int pipeSize = 1 << 20; // so that neither worker waits for the other at every piece
constexpr std::int64_t spoolLimit = 64LL << 30;
constexpr std::int64_t fileLimit = 64LL << 30;
constexpr std::int64_t entryLimit = 5'000'000;

// The machine's architecture by its name in images (GOARCH).
std::string architecture()
{
    utsname name{};
    ::uname(&name);
    const std::string_view machine = name.machine;
    return machine == "x86_64" ? "amd64" : machine == "aarch64" ? "arm64" : std::string(machine);
}

} // namespace

ImportJob::ImportJob(EventLoop& loop, image::ImageStore& store, UniqueFd archive, Options options, Progress progress, Done done)
    : m_loop(loop)
    , m_store(store)
    , m_archive(std::move(archive))
    , m_options(std::move(options))
    , m_progress(std::move(progress))
    , m_done(std::move(done))
{
}

ImportJob::~ImportJob()
{
    m_reader.stop();
    m_unpacker.stop();
    if (m_staged)
        m_store.discard(std::move(*m_staged));
    for (const std::string& digest : m_pinned)
        m_store.unpin(digest);
}

void ImportJob::start()
{
    const auto begin = [&]() -> Result<> {
        if (m_options.changes)
            return commitChanges();
        const struct stat status = TRY(os::status(m_archive));
        return S_ISDIR(status.st_mode) ? packDirectory() : indexArchive();
    };
    if (auto begun = begin(); !begun)
        m_loop.post([this, error = begun.error()] { finish(fail(error)); });
}

Result<> ImportJob::packDirectory()
{
    m_spool = TRY(m_store.spoolFile(), "make a spool file");
    m_progress({"Reading the directory", 0, 0});
    const Caller& caller = m_options.caller;
    const image::PackRequest request{caller.uid, caller.gid, {caller.groups.begin(), caller.groups.end()}, spoolLimit};
    return launch(m_reader, {m_options.workerProgram, "pack", json::write(request), m_archive, m_spool}, [this] {
        m_archive = std::move(m_spool);
        return indexArchive();
    });
}

Result<> ImportJob::indexArchive()
{
    m_spool = TRY(m_store.spoolFile(), "make a spool file");
    m_progress({"Reading the archive", 0, 0});
    const image::IndexRequest request{architecture(), spoolLimit};
    return launch(m_reader, {m_options.workerProgram, "index", json::write(request), m_archive, m_spool}, [this] { return indexed(); });
}

// `next` runs when this worker has succeeded and the other one is not at work.
Result<> ImportJob::launch(Worker& worker, const image::WorkerProcess::Launch& launch, std::function<Result<>()> next)
{
    worker.outcome.reset();
    worker.process = TRY(image::WorkerProcess::start(launch));
    worker.source = m_loop.onReady(worker.process->messages(), EPOLLIN, [this, &worker, next = std::move(next)](std::uint32_t) {
        if (worker.process->pump({}))
            return;
        worker.source.reset();
        auto outcome = worker.process->finish();
        worker.process.reset();
        if (!outcome)
            return finish(fail(cause(worker, std::move(outcome).error())));
        worker.outcome = std::move(*outcome);
        if (m_reader.process || m_unpacker.process)
            return;
        const auto proceed = next;
        if (auto done = proceed(); !done)
            finish(std::move(done));
    });
    return {};
}

// When the streamer fails, the unpacker sees a tar that ends early, and may be heard first.
Error ImportJob::cause(const Worker& failed, Error error)
{
    if (&failed == &m_unpacker && m_reader.process) {
        m_reader.process->pump({});
        if (const Error* const first = m_reader.process->failure())
            return *first;
    }
    return error;
}

void ImportJob::pin(const std::string& digest)
{
    m_store.pin(digest);
    m_pinned.push_back(digest);
}

Result<> ImportJob::indexed()
{
    m_index = TRY(json::read<image::IndexOutcome>(*m_reader.outcome, json::UnknownKeys::Refuse), "the archive's index");
    TRY(image::checkIndexOutcome(m_index));
    for (const image::ArchivedImage& archived : m_index.images) {
        image::StoredImage stored{.id = image::digestOf(archived.configuration), .references = archived.references,
                                  .record = archived.record, .owner = m_options.caller.uid};
        if (!archived.manifest.empty()) {
            stored.manifestDigest = image::digestOf(archived.manifest);
            stored.manifestType = archived.manifestType;
        }
        std::string chain;
        for (const image::ArchivedLayer& layer : archived.layers) {
            chain = image::chainId(chain, layer.diffId);
            stored.layers.push_back({.diffId = layer.diffId, .chainId = chain, .createdBy = layer.createdBy});
            m_totalBytes += layer.size;
            pin(chain);
            if (!layer.blobDigest.empty())
                pin(layer.blobDigest);
        }
        m_images.push_back({std::move(stored), archived.configuration, archived.manifest});
    }
    TRY(nameImages());
    TRY(checkNames());
    if (m_options.changes)
        TRY(takeBase());
    return nextLayer();
}

Result<> ImportJob::nameImages()
{
    if (!m_options.reference.empty()) {
        if (m_images.size() > 1)
            return fail(ErrorCode::InvalidArgument, "the archive holds {} images: one reference cannot name them all", m_images.size());
        m_images.front().image.references = {TRY(image::normalizedReference(m_options.reference))};
        return {};
    }
    for (auto& added : m_images) {
        for (std::string& reference : added.image.references)
            if (reference.starts_with(':'))
                reference = image::referenceFromFileName(m_options.path, reference.substr(1));
        if (added.image.references.empty() && m_images.size() == 1 && !m_options.path.empty())
            added.image.references = {image::referenceFromFileName(m_options.path, "latest")};
    }
    return {};
}

// A name that another user's image has is not taken away from it: his containers would be made of ours.
Result<> ImportJob::checkNames()
{
    for (const auto& added : m_images)
        for (const std::string& reference : added.image.references)
            if (const auto taken = TRY(m_store.byReference(reference));
                taken && taken->id != added.image.id && !m_options.caller.mayUse(taken->owner))
                return fail(ErrorCode::PermissionDenied, "the name '{}' belongs to another user's image: give this one another",
                            reference);
    return {};
}

Result<> ImportJob::nextLayer()
{
    for (; m_image < m_images.size(); ++m_image, m_layer = 0)
        for (auto& layers = m_images[m_image].image.layers; m_layer < layers.size();) {
            const image::ArchivedLayer& archived = m_index.images[m_image].layers[m_layer];
            const bool unpacked = TRY(m_store.hasLayer(layers[m_layer].chainId)) && m_store.hasIndex(archived.diffId);
            const auto read = m_read.find({archived.offset, archived.diffId});
            if (unpacked && read != m_read.end()) {
                TRY(layerKept(read->second));
                continue;
            }
            const char* const what = unpacked ? "Checking" : "Unpacking";
            m_progress({std::format("{} layer {} of {}", what, m_layer + 1, layers.size()), m_doneBytes, m_totalBytes});
            if (unpacked)
                return readLayer(BorrowedFd(-1), [this] { return layerRead(); });
            return unpackLayer(m_layer > 0 ? layers[m_layer - 1].chainId : "");
        }
    return store();
}

Result<> ImportJob::unpackLayer(const std::string& below)
{
    m_staged = TRY(m_store.stageLayer(below), "make room for a layer");
    os::Pipe pipe = TRY(os::makePipe());
    (void)::fcntl(pipe.writeEnd.value(), F_SETPIPE_SZ, pipeSize); // one that is small works as well
    const image::UnpackRequest unpack{m_index.images[m_image].layers[m_layer].size, fileLimit, storedLimit, entryLimit};
    const auto next = [this] { return layerDone(); };
    TRY(launch(m_unpacker,
               {m_options.workerProgram, "unpack", json::write(unpack), pipe.readEnd, m_staged->directory, m_staged->index},
               next));
    return readLayer(pipe.writeEnd, next);
}

// Without an output its bytes are only checked, and kept as they came unless they are.
Result<> ImportJob::readLayer(BorrowedFd output, std::function<Result<>()> next)
{
    const image::ArchivedLayer& layer = m_index.images[m_image].layers[m_layer];
    const auto read = m_read.find({layer.offset, layer.diffId});
    const std::string& digest = read != m_read.end() ? read->second.blobDigest : layer.blobDigest;
    m_blob = digest.empty() || !m_store.hasBlob(digest) ? TRY(m_store.blobFile()) : UniqueFd();
    const image::StreamRequest request{layer, m_blob.valid(), blobLimit};
    return launch(m_reader, {m_options.workerProgram, "stream", json::write(request),
                             m_index.spooled ? m_spool.borrow() : m_archive.borrow(), output, m_blob}, std::move(next));
}

Result<> ImportJob::layerDone()
{
    const auto outcome = TRY(json::read<image::UnpackOutcome>(*m_unpacker.outcome, json::UnknownKeys::Refuse));
    TRY(image::checkUnpackOutcome(outcome));
    image::StoredLayer& layer = m_images[m_image].image.layers[m_layer];
    layer.size = outcome.size;
    layer.files = outcome.files;
    layer.opaqueRoot = outcome.opaqueRoot;
    image::StagedLayer staged = std::move(*m_staged);
    m_staged.reset();
    TRY(m_store.publishLayer(std::move(staged), layer), "keep the layer");
    return layerRead();
}

Result<> ImportJob::layerRead()
{
    const image::ArchivedLayer& archived = m_index.images[m_image].layers[m_layer];
    const auto outcome = TRY(json::read<image::StreamOutcome>(*m_reader.outcome, json::UnknownKeys::Refuse));
    TRY(image::checkStreamOutcome(outcome, archived));
    pin(outcome.blobDigest);
    if (m_blob.valid())
        TRY(m_store.publishBlob(std::exchange(m_blob, {}), outcome.blobDigest));
    m_read.insert_or_assign({archived.offset, archived.diffId}, outcome);
    TRY(layerKept(outcome));
    return nextLayer();
}

Result<> ImportJob::layerKept(const image::StreamOutcome& outcome)
{
    image::StoredLayer& layer = m_images[m_image].image.layers[m_layer];
    layer.blobDigest = outcome.blobDigest;
    layer.blobSize = outcome.blobSize;
    layer.mediaType = outcome.mediaType;
    m_doneBytes += m_index.images[m_image].layers[m_layer].size;
    ++m_layer;
    return {};
}

Result<> ImportJob::store()
{
    TRY(checkNames()); // again: others have worked meanwhile
    TRY(m_store.add(m_images), "keep the images");
    finish({});
    return {};
}

void ImportJob::finish(Result<> outcome)
{
    m_reader.stop();
    m_unpacker.stop();
    std::vector<std::string> ids;
    for (const auto& added : m_images)
        ids.push_back(added.image.id);
    // The owner drops this job in there.
    const Done done = std::move(m_done);
    if (done)
        done(outcome ? Result<std::vector<std::string>>(std::move(ids)) : fail(std::move(outcome).error()));
}

} // namespace rocker
