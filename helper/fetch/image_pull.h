#pragma once

#include "engine/base/unique_fd.h"
#include "engine/image/digest.h"
#include "helper/fetch/authorizer.h"
#include "helper/fetch/layout_writer.h"
#include "helper/fetch/manifest.h"
#include "helper/fetch/site.h"
#include "helper/fetch/wishes.h"

#include <list>

namespace rocker::fetch {

// One image from one site into a file: its manifest, through an index where there is one, its configuration, then its
// layers, several at a time. Every byte goes through the digest that names it; what is not as it was said ends it.
class ImagePull
{
public:
    struct Order {
        Site site;
        Platform platform;
        std::int64_t limit = 0; // bytes of the file
        BorrowedFd file{-1};
        // Told once the documents are in the file; the answer is which blobs are wanted. Without, all are.
        std::function<void(Wishes::Heard)> documentsReady = {};
        std::function<void(const std::string& digest)> blobReady = {};
    };
    using Progress = std::function<void(std::int64_t done, std::int64_t total)>; // bytes of layers
    using Done = std::function<void(Result<std::string> digest)>; // of the document that the reference led to

    ImagePull(Network& network, Order order, Progress progress, Done done);
    void start();

private:
    struct Layer {
        image::Descriptor descriptor;
        image::Sha256 hash;
        std::int64_t position = 0;
        std::unique_ptr<Transfer> transfer;
    };

    void ask(Question question, std::function<Result<>(Answer)> next);
    void askManifest(const std::string& name, const std::optional<image::Descriptor>& descriptor);
    Result<> manifestArrived(const Answer& answer, const std::optional<image::Descriptor>& descriptor);
    Result<> manifestRead(ReadManifest read, const std::string& digest, std::string_view text);
    Result<> configurationArrived(const Answer& answer);
    void wantLayers(const Wishes::Blobs& wanted);
    void nextLayers();
    void startLayer(image::Descriptor descriptor);
    void layerDone(std::list<Layer>::iterator layer, Result<Answer> answer);
    Result<> layerBytes(Layer& layer, std::string_view bytes);
    void finish(Result<> outcome);

    Network& m_network;
    Order m_order;
    Progress m_progress;
    Done m_done;
    Authorizer m_authorizer;
    std::unique_ptr<Transfer> m_document;
    int m_indexes = 0; // that have led here
    std::string m_digest;
    image::Manifest m_manifest;
    std::optional<LayoutWriter> m_layout;
    std::vector<image::Descriptor> m_waiting; // layers, the next one last
    std::list<Layer> m_layers;                // at work
    std::int64_t m_doneBytes = 0;
    std::int64_t m_totalBytes = 0;
};

} // namespace rocker::fetch
