#pragma once

#include "engine/image/image_store.h"
#include "engine/image/worker_process.h"
#include "helper/event/event_loop.h"

#include <functional>
#include <optional>
#include <string>

namespace rocker {

// One layer of an archive at work: a streamer that decompresses it, checks its digests and keeps it as it came, and, where it
// is to be unpacked, an unpacker that reads from the streamer through a pipe. Dropped, both are killed and what they have
// made goes to the trash.
class LayerWork
{
public:
    struct Order {
        std::string program; // rocker-unpack
        image::ArchivedLayer layer;
        BorrowedFd source{-1}; // in which it lies at its offset
        bool unpack = true;
        bool keep = true;
    };
    struct Outcome {
        image::StreamOutcome read;
        std::optional<image::UnpackOutcome> unpacked;
        std::optional<image::StagedLayer> staged; // its descriptors closed
    };
    using Done = std::function<void(Result<Outcome>)>;

    LayerWork(EventLoop& loop, image::ImageStore& store, Order order, Done done);
    LayerWork(const LayerWork&) = delete;
    ~LayerWork();
    // `done` is called from the loop, once, unless this fails; it must not drop this.
    Result<> start();
    // It is over, and says nothing any more.
    void stop();

private:
    struct Worker {
        std::optional<image::WorkerProcess> process;
        EventLoop::Source source;
        std::optional<json::Value> outcome;

        // The source goes before the descriptor it watches.
        void stop()
        {
            source.reset();
            process.reset();
            outcome.reset();
        }
    };
    Result<> launch(Worker& worker, const image::WorkerProcess::Launch& launch);
    void ended(Worker& worker);
    Error cause(const Worker& failed, Error error);
    Result<Outcome> outcome();
    void finish(Result<Outcome> outcome);

    EventLoop& m_loop;
    image::ImageStore& m_store;
    Order m_order;
    Done m_done;
    Worker m_reader;
    Worker m_unpacker;
    std::optional<image::StagedLayer> m_staged;
    UniqueFd m_blob; // what the streamer keeps
};

} // namespace rocker
