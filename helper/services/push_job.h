#pragma once

#include "helper/protocol/images.h"
#include "helper/services/pinned_blobs.h"
#include "helper/services/registry_client.h"
#include "helper/services/worker_call.h"

namespace rocker {

// One push: the registry client, as the caller, gets the image's blobs as descriptors, opened for reading, and nothing
// else of the store, and sends them. They stay in the store meanwhile, whatever becomes of the image.
class PushJob
{
public:
    struct Options {
        std::string clientProgram; // rocker-fetch
        image::PushRequest request;
        image::PushPlan plan;      // the manifest first
        std::string manifest;      // one that the store does not have as a blob; else empty
    };
    using Progress = std::function<void(const protocol::ImportProgress&)>;
    using Done = std::function<void(Result<image::PushOutcome>)>;

    PushJob(EventLoop& loop, image::ImageStore& store, Options options, Progress progress, Done done);
    void start();

private:
    Result<> begin();
    Result<UniqueFd> document(const std::string& text);
    Result<UniqueFd> handBlobs();
    void finish(Result<image::PushOutcome> outcome);

    EventLoop& m_loop;
    image::ImageStore& m_store;
    Options m_options;
    Progress m_progress;
    Done m_done;
    PinnedBlobs m_pinned;
    WorkerCall m_client;
};

} // namespace rocker
