#pragma once

#include "helper/fetch/blob_upload.h"
#include "helper/fetch/manifest.h"

#include <list>

namespace rocker::fetch {

// One image into a repository: its configuration and layers as they are, several at a time, then the manifest, byte for
// byte; what the registry made of that is compared with it.
class ImagePush
{
public:
    struct Blob {
        std::string digest;
        std::int64_t size = 0;
        std::string from; // a repository of the same registry that has it, perhaps
        BorrowedFd file{-1};
    };
    struct Order {
        Site site;
        std::string manifest;
        std::string manifestType;
        std::vector<Blob> blobs; // at least those that the manifest names
        std::int64_t chunk = BlobUpload::usualChunk;
    };
    using Progress = std::function<void(std::int64_t done, std::int64_t total)>; // bytes of blobs
    using Done = std::function<void(Result<image::PushOutcome>)>;

    ImagePush(Network& network, Order order, Progress progress, Done done);
    void start();

private:
    struct Upload {
        const Blob& blob;
        std::int64_t sent = 0;
        std::unique_ptr<BlobUpload> upload;
    };
    Result<> plan();
    void nextBlobs();
    void blobDone(std::list<Upload>::iterator upload, Result<BlobUpload::Way> way);
    void showProgress();
    void sendManifest();
    void manifestSent(Result<Answer> answer, bool asked);
    void finish(Result<image::PushOutcome> outcome);

    Network& m_network;
    Order m_order;
    Progress m_progress;
    Done m_done;
    Authorizer m_authorizer;
    std::string m_digest; // of the manifest
    std::vector<const Blob*> m_waiting; // the next one last
    std::list<Upload> m_uploads;        // at work
    std::unique_ptr<Transfer> m_document;
    std::int64_t m_doneBytes = 0;
    std::int64_t m_totalBytes = 0;
    image::PushOutcome m_outcome;
    QObject m_context; // of what is heard from uploads: it ends with this
};

} // namespace rocker::fetch
