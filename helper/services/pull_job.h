#pragma once

#include "helper/services/import_job.h"
#include "helper/services/registry_client.h"
#include "helper/services/worker_call.h"

namespace rocker {

// One pull: the registry client, as the caller, fetches the image as an archive into a file without a name; as soon as the
// documents are there it is imported as any archive is, checked against every byte, each layer when it is whole. Blobs that
// images of the store have are not fetched again. Dropped at any moment it leaves nothing visible.
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

    PullJob(ImportJob::Means means, Options options, ImportJob::Progress progress, Done done);
    void start();

private:
    Result<> fetch();
    void heard(const image::WorkerProgress& progress);
    Result<> beginImport();
    Result<> want(const std::vector<std::string>& digests);
    Result<> fetched(Result<json::Value> outcome);
    void imported(Result<std::vector<std::string>> ids);
    void finish(Result<Pulled> outcome);

    ImportJob::Means m_means;
    Options m_options;
    ImportJob::Progress m_progress;
    Done m_done;
    UniqueFd m_spool;
    UniqueFd m_wishes; // to the client
    WorkerCall m_client;
    std::optional<image::PullOutcome> m_outcome;
    std::shared_ptr<ImportJob> m_import;
};

} // namespace rocker
