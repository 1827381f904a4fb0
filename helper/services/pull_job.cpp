#include "helper/services/pull_job.h"

namespace rocker {

PullJob::PullJob(EventLoop& loop, image::ImageStore& store, Options options, ImportJob::Progress progress, Done done)
    : m_loop(loop)
    , m_store(store)
    , m_options(std::move(options))
    , m_progress(std::move(progress))
    , m_done(std::move(done))
    , m_client(loop)
{
}

void PullJob::start()
{
    if (auto begun = fetch(); !begun)
        m_loop.post([this, error = begun.error()] { finish(fail(error)); });
}

Result<> PullJob::fetch()
{
    m_spool = TRY(m_store.spoolFile(), "make a spool file");
    return m_client.start(
        {.program = m_options.clientProgram,
            .mode = "pull",
            .request = json::write(m_options.request),
            .output = m_spool},
        [this](const image::WorkerProgress& progress) {
            m_progress({progress.step, progress.done, progress.total});
        },
        [this](Result<json::Value> outcome) {
            if (auto next = fetched(std::move(outcome)); !next)
                finish(fail(std::move(next).error()));
        });
}

Result<> PullJob::fetched(Result<json::Value> outcome)
{
    m_outcome = TRY(json::read<image::PullOutcome>(TRY(std::move(outcome)), json::UnknownKeys::Refuse));
    TRY(image::checkPullOutcome(m_outcome));
    m_import.emplace(m_loop, m_store, std::move(m_spool),
        ImportJob::Options{m_options.workerProgram, "", m_outcome.reference, m_options.caller}, m_progress,
        [this](Result<std::vector<std::string>> ids) {
            if (!ids)
                return finish(fail(std::move(ids).error().in("pull " + m_outcome.fullName)));
            finish(Pulled{m_outcome, std::move(*ids)});
        });
    m_import->start();
    return {};
}

void PullJob::finish(Result<Pulled> outcome)
{
    // The owner drops this job in there.
    if (const Done done = std::exchange(m_done, {}))
        done(std::move(outcome));
}

} // namespace rocker
