#include "helper/services/import_job.h"

#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

// The part of an import that has the archive's index: its layers, beside each other, and their way into the store.
namespace rocker {

static constexpr std::chrono::milliseconds flushPause{500};

Result<> ImportJob::plan()
{
    std::set<std::string> unpacking;
    std::set<ReadKey> reading;
    for (std::size_t image = 0; image < m_images.size(); ++image)
        for (std::size_t number = m_given; number < m_images[image].image.layers.size(); ++number)
            TRY(addLayer(image, number, unpacking, reading));
    for (const Layer& layer : m_layers)
        m_totalBytes += layer.archived.size;
    m_planned = true;
    flushLater();
    tellProgress();
    return m_options.want ? tellWanted() : Result<>();
}

Result<> ImportJob::addLayer(std::size_t image, std::size_t number, std::set<std::string>& unpacking, std::set<ReadKey>& reading)
{
    const auto& layers = m_images[image].image.layers;
    Layer layer{.archived = m_index.images[image].layers[number],
                .chain = layers[number].chainId,
                .below = number > 0 ? layers[number - 1].chainId : std::string()};
    const std::string& blob = layer.archived.blobDigest;
    const ReadKey key{layer.archived.offset, layer.archived.diffId};
    layer.unpack = !(TRY(m_store.hasLayer(layer.chain)) && m_store.hasIndex(layer.archived.diffId)) && unpacking.insert(layer.chain).second;
    if (!layer.unpack && reading.contains(key))
        return {};
    if (m_options.want && !layer.unpack && TRY(m_store.offersLayer(layer.archived.diffId, blob, layer.archived.size))) {
        m_read[key] = {layer.archived.diffId, blob, layer.archived.size, layer.archived.mediaType};
        return {};
    }
    layer.stored = m_options.want && TRY(m_store.offersBlob(blob));
    layer.keep = reading.insert(key).second && (blob.empty() || !m_store.hasBlob(blob));
    m_layers.push_back(std::move(layer));
    return {};
}

Result<> ImportJob::tellWanted()
{
    std::set<std::string> wanted;
    for (const Layer& layer : m_layers)
        if (!layer.stored)
            wanted.insert(layer.archived.blobDigest);
    return m_options.want({wanted.begin(), wanted.end()});
}

void ImportJob::arrived(const std::string& digest)
{
    m_arrived.insert(digest);
    proceed();
}

void ImportJob::arrivedAll(const std::string& reference)
{
    m_options.reference = reference;
    m_complete = true;
    proceed();
}

// The largest of those that can be begun: what takes longest must not come last.
ImportJob::Layer* ImportJob::nextLayer()
{
    Layer* next = nullptr;
    for (Layer& layer : m_layers)
        if (!layer.begun && (!m_options.want || layer.stored || m_complete || m_arrived.contains(layer.archived.blobDigest))
            && (!next || layer.archived.size > next->archived.size))
            next = &layer;
    return next;
}

void ImportJob::proceed()
{
    if (!m_planned || m_wait || !m_done)
        return;
    if (nextLayer()) {
        // One wait at a time, so that jobs take turns.
        m_wait = m_workers.ask([this](Slots::Slot slot) {
            m_wait.reset();
            if (auto begun = beginLayer(*nextLayer(), std::move(slot)); !begun)
                return finish(std::move(begun));
            proceed();
        });
        return;
    }
    if (m_complete && std::ranges::all_of(m_layers, &Layer::done) && !std::exchange(m_settling, true))
        if (auto settled = settle(); !settled)
            finish(std::move(settled));
}

Result<> ImportJob::beginLayer(Layer& layer, Slots::Slot slot)
{
    layer.begun = true;
    image::ArchivedLayer archived = layer.archived;
    UniqueFd stored;
    if (layer.stored) {
        stored = TRY(m_store.openBlob(archived.blobDigest));
        archived.offset = 0;
    }
    const auto running = m_running.insert(m_running.end(), Running{std::size_t(&layer - m_layers.data()), std::move(slot), std::move(stored), {}});
    running->work = std::make_shared<LayerWork>(
        m_loop, m_store,
        LayerWork::Order{m_options.workerProgram, std::move(archived), layer.stored ? running->source.borrow() : archive(), layer.unpack, layer.keep},
        [this, running](Result<LayerWork::Outcome> outcome) { layerDone(running, std::move(outcome)); });
    return running->work->start();
}

void ImportJob::layerDone(std::list<Running>::iterator running, Result<LayerWork::Outcome> outcome)
{
    Layer& layer = m_layers[running->layer];
    m_loop.post([work = std::move(running->work)] {}); // it is on the stack
    m_running.erase(running);
    if (!outcome)
        return finish(fail(std::move(outcome).error()));
    pin(outcome->read.blobDigest);
    m_read.insert_or_assign({layer.archived.offset, layer.archived.diffId}, outcome->read);
    layer.unpacked = outcome->unpacked;
    layer.staged = std::move(outcome->staged);
    layer.done = true;
    m_doneBytes += layer.archived.size;
    tellProgress();
    forgetBytes(layer);
    proceed();
}

// What has arrived for this job alone and is not needed any more need not be written to disk.
void ImportJob::forgetBytes(const Layer& layer)
{
    const auto needs = [&](const Layer& other) { return !other.done && other.archived.offset == layer.archived.offset; };
    if (m_options.want && !layer.stored && std::ranges::none_of(m_layers, needs))
        (void)::fallocate(archive().value(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, layer.archived.offset, layer.archived.size);
}

void ImportJob::tellProgress()
{
    const auto done = std::ranges::count_if(m_layers, &Layer::done);
    m_progress({std::format("Unpacking layers, {} of {} done", done, m_layers.size()), m_doneBytes, m_totalBytes});
}

// Early, again and again: the disk works on what is there while further layers are unpacked.
void ImportJob::flush(Flush kind)
{
    if (m_flushing) {
        m_flushAgain = m_flushAgain || kind == Flush::Last;
        return;
    }
    m_flushing = true;
    const int place = m_store.fileSystem().value();
    m_jobs.run([place]() -> Result<> { return TRY(os::checkDone(::syncfs(place)), "write the layers to disk"), Result<>{}; },
               [this, kind, alive = std::weak_ptr(m_alive)](Result<> flushed) {
                   if (alive.expired())
                       return;
                   m_flushing = false;
                   if (std::exchange(m_flushAgain, false))
                       return flush(Flush::Last);
                   if (kind == Flush::Early)
                       return flushLater();
                   if (flushed)
                       flushed = store();
                   finish(std::move(flushed));
               },
               {place});
}

void ImportJob::flushLater()
{
    m_flushTimer = m_loop.after(flushPause, [this] {
        if (m_done && !m_settling)
            flush(Flush::Early);
    });
}

Result<> ImportJob::settle()
{
    if (m_options.want)
        TRY(nameImages());
    TRY(checkNames());
    for (Layer& layer : m_layers) {
        if (!layer.staged)
            continue;
        m_unpacked.push_back({.staged = std::move(*layer.staged),
                              .layer = {.diffId = layer.archived.diffId, .chainId = layer.chain, .size = layer.unpacked->size,
                                        .files = layer.unpacked->files, .opaqueRoot = layer.unpacked->opaqueRoot},
                              .below = layer.below,
                              .ownRoot = layer.unpacked->namedRoot});
        layer.staged.reset();
    }
    m_progress({"Writing to disk", m_totalBytes, m_totalBytes});
    TRY(m_store.settleLayers(m_unpacked));
    flush(Flush::Last);
    return {};
}

Result<> ImportJob::store()
{
    TRY(checkNames()); // again: others have worked meanwhile
    TRY(m_store.publishLayers(m_unpacked), "keep the layers");
    for (std::size_t i = 0; i < m_images.size(); ++i)
        for (std::size_t number = m_given; number < m_images[i].image.layers.size(); ++number) {
            const image::ArchivedLayer& archived = m_index.images[i].layers[number];
            const image::StreamOutcome& read = m_read.at({archived.offset, archived.diffId});
            image::StoredLayer& layer = m_images[i].image.layers[number];
            layer.blobDigest = read.blobDigest;
            layer.blobSize = read.blobSize;
            layer.mediaType = read.mediaType;
        }
    return TRY(m_store.add(m_images), "keep the images"), Result<>{};
}

} // namespace rocker
