#pragma once

#include "engine/image/commit_messages.h"
#include "engine/image/image_store.h"
#include "engine/image/worker_process.h"
#include "helper/event/event_loop.h"
#include "helper/protocol/images.h"
#include "helper/services/request.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rocker {

// One import: pack a directory into an archive, as the caller; index the archive, then for each layer that the store lacks
// a streamer and an unpacker joined by a pipe, then all images into the store at once. A layer that the store has is read
// all the same, for its digests: an archive that is damaged or tampered with is refused whatever was imported before.
// Dropped at any moment it leaves nothing visible.
class ImportJob
{
public:
    // Instead of an archive: the directory with a container's changes to an image of the store.
    struct Changes {
        image::StoredImage base;
        std::string document; // image::CommitDocument
        std::shared_ptr<void> hold; // dropped when they have been read: the container may go on
    };
    struct Options {
        std::string workerProgram; // rocker-unpack
        std::string path;          // for the name of an archive that names nothing; empty: it gets none
        std::string reference;     // instead of the archive's own, may be empty
        Caller caller;             // who owns the images, and as whom a directory is read
        std::optional<Changes> changes;
    };
    using Progress = std::function<void(const protocol::ImportProgress&)>;
    using Done = std::function<void(Result<std::vector<std::string>> imageIds)>;

    ImportJob(EventLoop& loop, image::ImageStore& store, UniqueFd archive, Options options, Progress progress, Done done);
    ~ImportJob();
    void setDone(Done done) { m_done = std::move(done); }
    void start();

private:
    static constexpr std::int64_t storedLimit = 64LL << 30;
    static constexpr std::int64_t blobLimit = 64LL << 30;
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

    Result<> launch(Worker& worker, const image::WorkerProcess::Launch& launch, std::function<Result<>()> next);
    Result<> packDirectory();
    Result<> commitChanges(); // these two: import_changes.cpp
    Result<> takeBase();
    Result<> indexArchive();
    Result<> indexed();
    void pin(const std::string& digest);
    Error cause(const Worker& failed, Error error);
    Result<> nextLayer();
    Result<> readLayer(BorrowedFd output, std::function<Result<>()> next);
    Result<> unpackLayer(const std::string& below);
    Result<> layerDone();
    Result<> layerRead();
    Result<> layerKept(const image::StreamOutcome& outcome);
    Result<> store();
    Result<> nameImages();
    Result<> checkNames();
    void finish(Result<> outcome);

    EventLoop& m_loop;
    image::ImageStore& m_store;
    UniqueFd m_archive;
    UniqueFd m_spool;
    Options m_options;
    Progress m_progress;
    Done m_done;
    Worker m_reader;
    Worker m_unpacker;
    image::IndexOutcome m_index;
    std::vector<image::ImageStore::NewImage> m_images;
    std::size_t m_image = 0; // the layer at work
    std::size_t m_layer = 0;
    std::optional<image::StagedLayer> m_staged;
    std::vector<std::string> m_pinned;
    UniqueFd m_blob; // what the streamer keeps of the layer
    // By offsets and diff IDs: images of an archive share layers.
    std::map<std::pair<std::int64_t, std::string>, image::StreamOutcome> m_read;
    std::int64_t m_doneBytes = 0;
    std::int64_t m_totalBytes = 0;
};

} // namespace rocker
