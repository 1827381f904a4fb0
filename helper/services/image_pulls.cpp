#include "helper/services/image_service.h"

#include "helper/event/log.h"
#include "helper/services/in_turn.h"

// What comes from registries: Pull.
namespace rocker {

namespace {

constexpr std::int64_t pullLimit = 64LL << 30;

} // namespace

void ImageService::handle(Request<protocol::PullImage> request)
{
    inTurn(std::move(request), &ImageService::beginPull);
}

void ImageService::beginPull(Request<protocol::PullImage> request, Slots::Slot place)
{
    const auto& parameters = request.parameters();
    const auto prepare = [&]() -> Result<PullJob::Options> {
        TRY(checkLength(parameters.reference, "reference"));
        TRY(checkLength(parameters.platform, "platform"));
        return PullJob::Options{m_registryClient.program, m_workerProgram,
            {TRY(fetchCaller(request.caller(), parameters.authFile)),
                TRY(readRegistrySettings(m_registryClient.settingsFile)), parameters.reference, parameters.platform,
                pullLimit},
            request.caller()};
    };
    auto options = prepare();
    if (!options)
        return request.fail(options.error());
    // The job is dropped at the loop's next turn: it is still on the stack of its own callbacks.
    struct Call {
        Request<protocol::PullImage> request;
        std::list<PullJob>::iterator job;
        Slots::Slot place;
        bool over = false;
    };
    const auto call = std::make_shared<Call>(std::move(request), m_pulls.end(), std::move(place));
    const auto drop = [this, call] {
        if (!std::exchange(call->over, true))
            m_loop.post([this, call] {
                m_pulls.erase(call->job);
                call->place = {};
                collect(); // one that failed half-way has published its lower layers
            });
    };
    call->job = m_pulls.emplace(
        m_pulls.end(), means(), *std::move(options),
        [call](const protocol::ImportProgress& progress) { call->request.progress({.progress = progress}); },
        [this, call, drop](const Result<PullJob::Pulled>& outcome) {
            if (call->over)
                return;
            pulled(call->request, outcome);
            drop();
        });
    call->request.onGone(drop);
    call->job->start();
}

void ImageService::pulled(Request<protocol::PullImage>& request, const Result<PullJob::Pulled>& pulled)
{
    if (!pulled)
        return request.fail(pulled.error());
    for (const std::string& id : pulled->imageIds)
        if (auto kept = m_store.addDigest(id, pulled->outcome.fullName, pulled->outcome.digest); !kept)
            log::warning("remember the digest of {}: {}", pulled->outcome.fullName, kept.error().what);
    protocol::PullImage::Reply reply{.name = pulled->outcome.fullName, .digest = pulled->outcome.digest};
    for (const protocol::Image& image : all())
        if (std::ranges::contains(pulled->imageIds, image.id)) {
            m_events.imageChanged(image);
            reply.images.push_back(image);
        }
    request.reply(reply);
}

} // namespace rocker
