#include "helper/services/layer_work.h"

#include "engine/os/process.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <utility>

namespace rocker {

namespace {

constexpr int pipeSize = 1 << 20; // so that neither worker waits for the other at every piece
constexpr std::int64_t storedLimit = 64LL << 30;
constexpr std::int64_t blobLimit = 64LL << 30;
constexpr std::int64_t fileLimit = 64LL << 30;
constexpr std::int64_t entryLimit = 5'000'000;

} // namespace

LayerWork::LayerWork(EventLoop& loop, image::ImageStore& store, Order order, Done done)
    : m_loop(loop), m_store(store), m_order(std::move(order)), m_done(std::move(done))
{
}

LayerWork::~LayerWork()
{
    stop();
    if (m_staged)
        m_store.discard(*m_staged);
}

void LayerWork::stop()
{
    m_done = {};
    m_reader.stop();
    m_unpacker.stop();
}

Result<> LayerWork::start()
{
    os::Pipe pipe;
    if (m_order.unpack) {
        m_staged = TRY(m_store.stageLayer(), "make room for a layer");
        pipe = TRY(os::makePipe());
        (void)::fcntl(pipe.writeEnd.value(), F_SETPIPE_SZ, pipeSize); // one that is small works as well
        const image::UnpackRequest request{m_order.layer.size, fileLimit, storedLimit, entryLimit};
        TRY(launch(m_unpacker,
                   {m_order.program, "unpack", json::write(request), pipe.readEnd, m_staged->directory, m_staged->index}));
    }
    if (m_order.keep)
        m_blob = TRY(m_store.blobFile());
    const image::StreamRequest request{m_order.layer, m_order.keep, blobLimit};
    return launch(m_reader, {m_order.program, "stream", json::write(request), m_order.source, pipe.writeEnd, m_blob});
}

Result<> LayerWork::launch(Worker& worker, const image::WorkerProcess::Launch& launch)
{
    worker.process = TRY(image::WorkerProcess::start(launch));
    worker.source = m_loop.onReady(worker.process->messages(), EPOLLIN, [this, &worker](std::uint32_t) {
        if (!worker.process->pump({}))
            ended(worker);
    });
    return {};
}

void LayerWork::ended(Worker& worker)
{
    worker.source.reset();
    auto outcome = worker.process->finish();
    worker.process.reset();
    if (!outcome)
        return finish(fail(cause(worker, std::move(outcome).error())));
    worker.outcome = std::move(*outcome);
    if (!m_reader.process && !m_unpacker.process)
        finish(this->outcome());
}

// When the streamer fails, the unpacker sees a tar that ends early, and may be heard first.
Error LayerWork::cause(const Worker& failed, Error error)
{
    if (&failed == &m_unpacker && m_reader.process) {
        m_reader.process->pump({});
        if (const Error* const first = m_reader.process->failure())
            return *first;
    }
    return error;
}

Result<LayerWork::Outcome> LayerWork::outcome()
{
    Outcome outcome;
    outcome.read = TRY(json::read<image::StreamOutcome>(*m_reader.outcome, json::UnknownKeys::Refuse));
    TRY(image::checkStreamOutcome(outcome.read, m_order.layer));
    if (m_unpacker.outcome) {
        outcome.unpacked = TRY(json::read<image::UnpackOutcome>(*m_unpacker.outcome, json::UnknownKeys::Refuse));
        TRY(image::checkUnpackOutcome(*outcome.unpacked));
    }
    if (m_blob.valid())
        TRY(m_store.publishBlob(std::exchange(m_blob, {}), outcome.read.blobDigest));
    if (m_staged) {
        outcome.staged = image::StagedLayer{m_staged->name, {}, {}};
        m_staged.reset();
    }
    return outcome;
}

void LayerWork::finish(Result<Outcome> outcome)
{
    m_reader.stop();
    m_unpacker.stop();
    if (const Done done = std::exchange(m_done, {}))
        done(std::move(outcome));
}

} // namespace rocker
