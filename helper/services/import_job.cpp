#include "helper/services/import_job.h"

#include "engine/image/digest.h"
#include "engine/image/machine.h"
#include "engine/image/reference.h"
#include "engine/os/file.h"

#include <utility>

namespace rocker {

namespace {

constexpr std::int64_t spoolLimit = 64LL << 30;

} // namespace

ImportJob::ImportJob(Means means, UniqueFd archive, Options options, Progress progress, Done done)
    : m_loop(means.loop)
    , m_store(means.store)
    , m_jobs(means.jobs)
    , m_workers(means.workers)
    , m_archive(std::move(archive))
    , m_options(std::move(options))
    , m_progress(std::move(progress))
    , m_done(std::move(done))
    , m_reader(means.loop)
    , m_complete(!m_options.want)
{
}

ImportJob::~ImportJob()
{
    m_running.clear();
    for (const Layer& layer : m_layers)
        if (layer.staged)
            m_store.discard(*layer.staged);
    for (const auto& unpacked : m_unpacked)
        m_store.discard(unpacked.staged);
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
    return launch("pack", json::write(request), BorrowedFd(-1), [this] {
        m_archive = std::move(m_spool);
        return indexArchive();
    });
}

Result<> ImportJob::indexArchive()
{
    m_spool = TRY(m_store.spoolFile(), "make a spool file");
    m_progress({"Reading the archive", 0, 0});
    const image::IndexRequest request{image::thisMachine().architecture, spoolLimit, m_options.edits};
    return launch("index", json::write(request), BorrowedFd(-1), [this] { return indexed(); });
}

// A worker between the archive and the spool file; what it has said is taken for the archive's index.
Result<> ImportJob::launch(const char* mode, json::Value request, BorrowedFd extra, std::function<Result<>()> next)
{
    const auto proceed = [this, next = std::move(next)](Result<json::Value> outcome) -> Result<> {
        m_said = TRY(std::move(outcome));
        return next();
    };
    return m_reader.start({m_options.workerProgram, mode, std::move(request), m_archive, m_spool, extra}, {},
                          [this, proceed](Result<json::Value> outcome) {
                              if (auto done = proceed(std::move(outcome)); !done)
                                  finish(std::move(done));
                          });
}

void ImportJob::pin(const std::string& digest)
{
    m_store.pin(digest);
    m_pinned.push_back(digest);
}

Result<> ImportJob::indexed()
{
    m_index = TRY(json::read<image::IndexOutcome>(m_said, json::UnknownKeys::Refuse), "the archive's index");
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
    TRY(plan());
    proceed();
    return {};
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

void ImportJob::finish(Result<> outcome)
{
    for (const Running& running : m_running)
        running.work->stop();
    m_wait.reset();
    std::vector<std::string> ids;
    for (const auto& added : m_images)
        ids.push_back(added.image.id);
    // The owner drops this job in there.
    if (const Done done = std::exchange(m_done, {}))
        done(outcome ? Result<std::vector<std::string>>(std::move(ids)) : fail(std::move(outcome).error()));
}

} // namespace rocker
