#include "helper/services/pull_job.h"

#include "engine/image/digest.h"
#include "engine/os/file.h"
#include "engine/os/process.h"

#include <utility>

namespace rocker {

PullJob::PullJob(ImportJob::Means means, Options options, ImportJob::Progress progress, Done done)
    : m_means(means)
    , m_options(std::move(options))
    , m_progress(std::move(progress))
    , m_done(std::move(done))
    , m_client(means.loop)
{
}

void PullJob::start()
{
    if (auto begun = fetch(); !begun)
        m_means.loop.post([this, error = begun.error()] { finish(fail(error)); });
}

Result<> PullJob::fetch()
{
    m_spool = TRY(m_means.store.spoolFile(), "make a spool file");
    os::Pipe pipe = TRY(os::makePipe());
    m_wishes = std::move(pipe.writeEnd);
    return m_client.start({.program = m_options.clientProgram,
                              .mode = "pull",
                              .request = json::write(m_options.request),
                              .input = pipe.readEnd,
                              .output = m_spool},
        [this](const image::WorkerProgress& progress) { heard(progress); },
        [this](Result<json::Value> outcome) {
            if (auto next = fetched(std::move(outcome)); !next)
                finish(fail(std::move(next).error()));
        });
}

void PullJob::heard(const image::WorkerProgress& progress)
{
    if (!m_done)
        return;
    if (progress.ready.empty())
        return m_progress({progress.step, progress.done, progress.total});
    if (progress.ready == image::beginAnew) {
        m_import.reset();
    } else if (progress.ready == image::documentsReady) {
        if (auto begun = beginImport(); !begun)
            finish(fail(std::move(begun).error()));
    } else if (m_import && image::isDigest(progress.ready)) {
        m_import->arrived(progress.ready);
    }
}

Result<> PullJob::beginImport()
{
    m_import = std::make_shared<ImportJob>(m_means, TRY(os::duplicate(m_spool)),
        ImportJob::Options{.workerProgram = m_options.workerProgram,
            .path = {},
            .reference = {},
            .caller = m_options.caller,
            .changes = {},
            .want = [this](const std::vector<std::string>& digests) { return want(digests); }},
        [this](const protocol::ImportProgress& progress) {
            if (m_outcome) // until then the client's is the slower one
                m_progress(progress);
        },
        [this](Result<std::vector<std::string>> ids) { imported(std::move(ids)); });
    m_import->start();
    return {};
}

// The client waits for it, and a pipe takes as much as the layers of an image have digests (pipe(7)).
Result<> PullJob::want(const std::vector<std::string>& digests)
{
    return TRY(os::writeAll(m_wishes, json::dump(json::Value(digests)) + "\n"), "tell the registry client what to fetch"), Result<>{};
}

Result<> PullJob::fetched(Result<json::Value> outcome)
{
    m_outcome = TRY(json::read<image::PullOutcome>(TRY(std::move(outcome)), json::UnknownKeys::Refuse));
    TRY(image::checkPullOutcome(*m_outcome));
    if (!m_import)
        return fail(ErrorCode::Internal, "the registry client has fetched no image");
    m_import->arrivedAll(m_outcome->reference);
    return {};
}

void PullJob::imported(Result<std::vector<std::string>> ids)
{
    if (ids)
        return finish(Pulled{*m_outcome, std::move(*ids)});
    // What the client throws away while it is read, to begin anew elsewhere, is no failure of the pull.
    const auto failed = m_import;
    m_client.hear();
    if (m_import != failed)
        return m_means.loop.post([failed] {}); // it is on the stack
    const std::string name = m_outcome ? m_outcome->fullName : m_options.request.reference;
    finish(fail(std::move(ids).error().in("pull " + name)));
}

void PullJob::finish(Result<Pulled> outcome)
{
    // The owner drops this job in there.
    if (const Done done = std::exchange(m_done, {}))
        done(std::move(outcome));
}

} // namespace rocker
