#include "helper/services/image_service.h"

#include "helper/event/log.h"

// What comes from registries: Pull and ListTags.
namespace rocker {

namespace {

constexpr std::int64_t pullLimit = 64LL << 30;
constexpr std::size_t namesLimit = 1024; // of a reference or platform; the client judges the rest

Result<> checkLength(const std::string& text, std::string_view parameter)
{
    if (text.size() > namesLimit)
        return fail(ErrorCode::InvalidArgument, "{}: it is too long", parameter);
    return {};
}

} // namespace

void ImageService::handle(Request<protocol::PullImage> request)
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
        bool over = false;
    };
    const auto call = std::make_shared<Call>(std::move(request), m_pulls.end());
    const auto drop = [this, call] {
        if (!std::exchange(call->over, true))
            m_loop.post([this, call] {
                m_pulls.erase(call->job);
                // One that failed half-way has published its lower layers.
                if (auto collected = m_store.collectGarbage(); !collected)
                    log::warning("collect what a pull left: {}", collected.error().what);
                emptyTrash();
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
    protocol::PullImage::Reply reply{.name = pulled->outcome.fullName, .digest = pulled->outcome.digest};
    for (const protocol::Image& image : all())
        if (std::ranges::contains(pulled->imageIds, image.id)) {
            m_events.imageChanged(image);
            reply.images.push_back(image);
        }
    request.reply(reply);
}

void ImageService::handle(Request<protocol::ListTags> request)
{
    const auto& parameters = request.parameters();
    const auto prepare = [&]() -> Result<image::TagsRequest> {
        TRY(checkLength(parameters.repository, "repository"));
        return image::TagsRequest{TRY(fetchCaller(request.caller(), parameters.authFile)),
                                  TRY(readRegistrySettings(m_registryClient.settingsFile)), parameters.repository};
    };
    const auto tags = prepare();
    if (!tags)
        return request.fail(tags.error());
    struct Call {
        Request<protocol::ListTags> request;
        std::list<WorkerCall>::iterator client;
        bool over = false;
    };
    const auto call = std::make_shared<Call>(std::move(request), m_tagLists.emplace(m_tagLists.end(), m_loop));
    const auto drop = [this, call] {
        if (!std::exchange(call->over, true))
            m_loop.post([this, call] { m_tagLists.erase(call->client); });
    };
    call->request.onGone(drop);
    const auto begun = call->client->start(
        {.program = m_registryClient.program, .mode = "tags", .request = json::write(*tags)}, {},
        [call, drop](Result<json::Value> outcome) {
            if (call->over)
                return;
            const auto read = [&]() -> Result<protocol::ListTags::Reply> {
                auto listed = TRY(json::read<image::TagsOutcome>(TRY(std::move(outcome)), json::UnknownKeys::Refuse));
                TRY(image::checkTagsOutcome(listed));
                return protocol::ListTags::Reply{std::move(listed.repository), std::move(listed.tags)};
            };
            call->request.finish(read());
            drop();
        });
    if (!begun) {
        call->request.fail(begun.error());
        drop();
    }
}

} // namespace rocker
