#pragma once

#include "helper/services/import_job.h"
#include "helper/services/registry_client.h"
#include "helper/services/worker_call.h"

namespace rocker {

// One pull: the registry client, as the caller, fetches the image as an archive into a file without a name; then it is
// imported as any archive is, checked against every byte. Dropped at any moment it leaves nothing visible.
class PullJob
{
public:
    struct Options {
        std::string clientProgram; // rocker-fetch
        std::string workerProgram; // rocker-unpack
        image::PullRequest request;
        Caller caller;
    };
    struct Pulled {
        image::PullOutcome outcome;
        std::vector<std::string> imageIds;
    };
    using Done = std::function<void(Result<Pulled>)>;

    PullJob(EventLoop& loop, image::ImageStore& store, Options options, ImportJob::Progress progress, Done done);
    void start();

private:
    Result<> fetch();
    Result<> fetched(Result<json::Value> outcome);
    void finish(Result<Pulled> outcome);

    EventLoop& m_loop;
    image::ImageStore& m_store;
    Options m_options;
    ImportJob::Progress m_progress;
    Done m_done;
    UniqueFd m_spool;
    WorkerCall m_client;
    image::PullOutcome m_outcome;
    std::optional<ImportJob> m_import;
};

} // namespace rocker
