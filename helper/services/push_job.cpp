#include "helper/services/push_job.h"

#include "engine/os/file.h"
#include "engine/os/socket.h"

#include <span>

namespace rocker {

PushJob::PushJob(EventLoop& loop, image::ImageStore& store, Options options, Progress progress, Done done)
    : m_loop(loop)
    , m_store(store)
    , m_options(std::move(options))
    , m_progress(std::move(progress))
    , m_done(std::move(done))
    , m_pinned(store)
    , m_client(loop)
{
    for (const image::PushedBlob& blob : m_options.plan.blobs)
        m_pinned.add(blob.digest);
}

void PushJob::start()
{
    if (auto begun = begin(); !begun)
        m_loop.post([this, error = begun.error()] { finish(fail(error)); });
}

Result<> PushJob::begin()
{
    const std::string plan = json::dump(json::write(m_options.plan));
    if (plan.size() > image::pushPlanLimit)
        return fail(ErrorCode::InvalidArgument, "the image has more layers than can be pushed");
    const UniqueFd planned = TRY(document(plan));
    const UniqueFd blobs = TRY(handBlobs(), "open the image's blobs");
    return m_client.start(
        {.program = m_options.clientProgram,
         .mode = "push",
         .request = json::write(m_options.request),
         .input = planned,
         .extra = blobs},
        [this](const image::WorkerProgress& progress) { m_progress({progress.step, progress.done, progress.total}); },
        [this](Result<json::Value> outcome) {
            const auto read = [&]() -> Result<image::PushOutcome> {
                auto pushed = TRY(json::read<image::PushOutcome>(TRY(std::move(outcome)), json::UnknownKeys::Refuse));
                TRY(image::checkPushOutcome(pushed, m_options.plan.blobs.front().digest));
                return pushed;
            };
            finish(read());
        });
}

// A file without a name, which who gets it may only read.
Result<UniqueFd> PushJob::document(const std::string& text)
{
    const UniqueFd spool = TRY(m_store.spoolFile(), "make a spool file");
    TRY(os::writeAll(spool, text), "write a spool file");
    return os::open(std::format("/proc/self/fd/{}", spool.value()), O_RDONLY);
}

// The other end of a socket that holds them all: some hundred at a time are open here.
Result<UniqueFd> PushJob::handBlobs()
{
    auto [ours, theirs] = TRY(os::makeSocketPair(SOCK_SEQPACKET));
    const std::span<const image::PushedBlob> blobs = m_options.plan.blobs;
    for (std::size_t first = 0; first < blobs.size(); first += image::pushFdsAtOnce) {
        std::vector<UniqueFd> opened;
        for (const image::PushedBlob& blob : blobs.subspan(first, std::min(image::pushFdsAtOnce, blobs.size() - first)))
            opened.push_back(first == 0 && opened.empty() && !m_options.manifest.empty()
                                 ? TRY(document(m_options.manifest)) : TRY(m_store.openBlob(blob.digest)));
        TRY(os::sendMessage(ours, "blobs", {opened.begin(), opened.end()}, MSG_DONTWAIT));
    }
    return std::move(theirs);
}

void PushJob::finish(Result<image::PushOutcome> outcome)
{
    // The owner drops this job in there.
    if (const Done done = std::exchange(m_done, {}))
        done(std::move(outcome));
}

} // namespace rocker
