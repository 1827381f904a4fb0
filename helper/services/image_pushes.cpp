#include "helper/services/image_service.h"

#include "engine/image/digest.h"
#include "engine/image/reference.h"
#include "engine/os/file.h"
#include "helper/event/log.h"
#include "helper/services/image_archive.h"

#include <algorithm>

// What goes to registries: Push.
namespace rocker {

namespace {

// Which repositories of a registry have blobs, as far as the names of images in the store tell.
std::map<std::string, std::string> sourcesAt(const std::string& registry, const std::vector<image::StoredImage>& images)
{
    std::map<std::string, std::string> sources;
    for (const image::StoredImage& image : images)
        for (const std::string& reference : image.references)
            if (const auto [host, repository] = image::placeOf(reference); host == registry) {
                sources.try_emplace(image.id, repository);
                for (const image::StoredLayer& layer : image.layers)
                    sources.try_emplace(layer.blobDigest, repository);
            }
    return sources;
}

} // namespace

Result<PushJob::Options> ImageService::pushOptions(
    const Caller& caller, const protocol::PushImage::Parameters& parameters)
{
    TRY(checkLength(parameters.reference, "reference"));
    SavedImage saved{.image = TRY(m_store.find(parameters.image))};
    const image::StoredImage& image = saved.image;
    std::string reference = parameters.reference;
    if (reference.empty()) {
        reference = TRY(m_store.resolve(parameters.image)).reference;
        if (reference == image.id && image.references.size() != 1)
            return fail(ErrorCode::InvalidArgument, "'{}' has {}: say where to push it", parameters.image,
                        image.references.empty() ? "no name" : "several names");
        if (reference == image.id)
            reference = image.references.front();
    }
    TRY(checkBlobsKept(image));
    PushJob::Options options{m_registryClient.program,
                             {TRY(fetchCaller(caller, parameters.authFile)),
                              TRY(readRegistrySettings(m_registryClient.settingsFile)), reference},
                             {},
                             {}};
    const auto normalized = image::normalizedReference(reference);
    const auto sources = normalized ? sourcesAt(image::placeOf(*normalized).registry, TRY(m_store.images()))
                                    : std::map<std::string, std::string>();
    const auto add = [&](const std::string& digest, std::int64_t size) {
        const auto from = sources.find(digest);
        options.plan.blobs.push_back({digest, size, from == sources.end() ? "" : from->second});
    };
    const auto sizeOf = [&](const std::string& digest) -> Result<std::int64_t> {
        return TRY(os::status(TRY(m_store.openBlob(digest)))).st_size;
    };
    saved.configurationSize = TRY(sizeOf(image.id));
    if (image.manifestDigest.empty() || image.manifestType.empty()) {
        options.manifest = manifestFor(saved);
        options.plan.manifestType = ownManifestType;
        add(image::digestOf(options.manifest), std::int64_t(options.manifest.size()));
    } else {
        options.plan.manifestType = image.manifestType;
        add(image.manifestDigest, TRY(sizeOf(image.manifestDigest)));
    }
    add(image.id, saved.configurationSize);
    for (const image::StoredLayer& layer : image.layers)
        if (!std::ranges::contains(options.plan.blobs, layer.blobDigest, &image::PushedBlob::digest))
            add(layer.blobDigest, layer.blobSize);
    return options;
}

void ImageService::handle(Request<protocol::PushImage> request)
{
    auto options = pushOptions(request.caller(), request.parameters());
    if (!options)
        return request.fail(options.error());
    const std::string id = options->plan.blobs[1].digest; // its configuration's
    // The job is dropped at the loop's next turn: it is still on the stack of its own callbacks.
    struct Call {
        Request<protocol::PushImage> request;
        std::list<PushJob>::iterator job;
        bool over = false;
    };
    const auto call = std::make_shared<Call>(std::move(request), m_pushes.end());
    const auto drop = [this, call] {
        if (!std::exchange(call->over, true))
            m_loop.post([this, call] { m_pushes.erase(call->job); });
    };
    call->job = m_pushes.emplace(
        m_pushes.end(), m_loop, m_store, *std::move(options),
        [call](const protocol::ImportProgress& progress) { call->request.progress({.progress = progress}); },
        [this, id, call, drop](const Result<image::PushOutcome>& pushed) {
            if (call->over)
                return;
            if (pushed && m_store.find(id)) // it may have been removed meanwhile
                if (auto kept = m_store.addDigest(id, pushed->name, pushed->digest); !kept)
                    log::warning("remember the digest of {}: {}", pushed->name, kept.error().what);
            if (pushed)
                call->request.reply({.name = pushed->name, .digest = pushed->digest, .uploaded = pushed->uploaded,
                                     .mounted = pushed->mounted, .present = pushed->present});
            else
                call->request.fail(pushed.error());
            drop();
        });
    call->request.onGone(drop);
    call->job->start();
}

} // namespace rocker
