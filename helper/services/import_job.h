#pragma once

#include "engine/image/commit_messages.h"
#include "engine/image/image_store.h"
#include "helper/event/event_loop.h"
#include "helper/protocol/images.h"
#include "helper/services/jobs.h"
#include "helper/services/layer_work.h"
#include "helper/services/request.h"
#include "helper/services/slots.h"
#include "helper/services/worker_call.h"

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rocker {

// One import: pack a directory into an archive, as the caller; index the archive; then its layers, several at a time, each
// read for its digests and unpacked where the store lacks it (LayerWork); then all of it to disk, and into the store at once.
// A layer that the store has is read all the same: an archive that is damaged or tampered with is refused whatever was
// imported before. Dropped at any moment it leaves nothing visible.
class ImportJob
{
public:
    // What all jobs share.
    struct Means {
        EventLoop& loop;
        image::ImageStore& store;
        Jobs& jobs;
        Slots& workers; // for layers at work, of all jobs together
    };
    // Instead of an archive: the directory with a container's changes to an image of the store.
    struct Changes {
        image::StoredImage base;
        std::string document; // image::CommitDocument
        std::shared_ptr<void> hold; // dropped when they have been read: the container may go on
    };
    // For an archive that has its documents and is still to get its layers. Told once which blobs are needed: not those of
    // layers that an image of the store has, for which nothing can be tampered with.
    using Want = std::function<Result<>(const std::vector<std::string>& digests)>;
    struct Options {
        std::string workerProgram; // rocker-unpack
        std::string path;          // for the name of an archive that names nothing; empty: it gets none
        std::string reference;     // instead of the archive's own, may be empty
        Caller caller;             // who owns the images, and as whom a directory is read
        std::optional<Changes> changes;
        Want want = {};
        std::optional<image::ConfigurationEdits> edits = {}; // of a root file system's configuration
    };
    using Progress = std::function<void(const protocol::ImportProgress&)>;
    using Done = std::function<void(Result<std::vector<std::string>> imageIds)>;

    ImportJob(Means means, UniqueFd archive, Options options, Progress progress, Done done);
    ImportJob(const ImportJob&) = delete;
    ~ImportJob();
    void setDone(Done done) { m_done = std::move(done); }
    void start();
    // With `want`: a blob is whole; and, in the end, all of them are, and the image has this name (none when empty).
    void arrived(const std::string& digest);
    void arrivedAll(const std::string& reference);

private:
    static constexpr std::int64_t storedLimit = 64LL << 30;
    static constexpr std::int64_t blobLimit = 64LL << 30;
    using ReadKey = std::pair<std::int64_t, std::string>; // offset and diff ID: images of an archive share layers
    struct Layer {
        image::ArchivedLayer archived;
        std::string chain;
        std::string below;
        bool unpack = false;
        bool keep = false;   // its blob
        bool stored = false; // its blob is read from the store
        bool begun = false;
        bool done = false;
        std::optional<image::UnpackOutcome> unpacked;
        std::optional<image::StagedLayer> staged;
    };
    struct Running {
        std::size_t layer = 0;
        Slots::Slot slot;
        UniqueFd source;
        std::shared_ptr<LayerWork> work;
    };

    Result<> launch(const char* mode, json::Value request, BorrowedFd extra, std::function<Result<>()> next);
    Result<> packDirectory();
    Result<> commitChanges(); // these two: import_changes.cpp
    Result<> takeBase();
    Result<> indexArchive();
    Result<> indexed();
    void pin(const std::string& digest);
    Result<> nameImages();
    Result<> checkNames();

    Result<> plan(); // from here on: import_layers.cpp
    Result<> addLayer(std::size_t image, std::size_t number, std::set<std::string>& unpacking, std::set<ReadKey>& reading);
    Result<> tellWanted();
    BorrowedFd archive() const { return m_index.spooled ? m_spool.borrow() : m_archive.borrow(); }
    Layer* nextLayer();
    void proceed();
    Result<> beginLayer(Layer& layer, Slots::Slot slot);
    void layerDone(std::list<Running>::iterator running, Result<LayerWork::Outcome> outcome);
    void forgetBytes(const Layer& layer);
    void tellProgress();
    enum class Flush { Early, Last };
    void flush(Flush kind);
    void flushLater();
    Result<> settle();
    Result<> store();
    void finish(Result<> outcome);

    EventLoop& m_loop;
    image::ImageStore& m_store;
    Jobs& m_jobs;
    Slots& m_workers;
    UniqueFd m_archive;
    UniqueFd m_spool;
    Options m_options;
    Progress m_progress;
    Done m_done;
    WorkerCall m_reader;
    json::Value m_said; // by it
    image::IndexOutcome m_index;
    std::vector<image::ImageStore::NewImage> m_images;
    std::size_t m_given = 0; // layers of the only image that come from the store, as they are
    std::vector<std::string> m_pinned;
    std::vector<Layer> m_layers; // each after those below it
    std::list<Running> m_running;
    Slots::Wait m_wait;
    std::map<ReadKey, image::StreamOutcome> m_read;
    std::vector<image::ImageStore::UnpackedLayer> m_unpacked;
    std::set<std::string> m_arrived;
    bool m_planned = false;
    bool m_settling = false;
    bool m_complete = true; // nothing is still to arrive
    EventLoop::Source m_flushTimer;
    bool m_flushing = false;
    bool m_flushAgain = false;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true); // for what outlives this
    std::int64_t m_doneBytes = 0;
    std::int64_t m_totalBytes = 0;
};

} // namespace rocker
