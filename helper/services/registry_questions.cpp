#include "engine/base/frame.h"
#include "helper/services/image_service.h"
#include "helper/services/outgoing.h"

// What registries are asked without an image coming or going: ListTags, Search, Login and Logout.
namespace rocker {

namespace {

constexpr std::int64_t foundLimit = 100;

} // namespace

template<protocol::Method M, typename Asked>
void ImageService::ask(Request<M> request, const char* mode, const Result<Asked>& asked,
                       std::function<Result<typename M::Reply>(const json::Value&)> read)
{
    if (!asked)
        return request.fail(asked.error());
    struct Call {
        Request<M> request;
        std::list<WorkerCall>::iterator client;
        bool over = false;
    };
    const auto call = std::make_shared<Call>(std::move(request), m_questions.emplace(m_questions.end(), m_loop));
    const auto drop = [this, call] {
        if (!std::exchange(call->over, true))
            m_loop.post([this, call] { m_questions.erase(call->client); });
    };
    call->request.onGone(drop);
    const auto begun = call->client->start(
        {.program = m_registryClient.program, .mode = mode, .request = json::write(*asked)}, {},
        [call, drop, read = std::move(read)](Result<json::Value> outcome) {
            if (call->over)
                return;
            call->request.finish(outcome ? read(*outcome) : fail(std::move(outcome).error()));
            drop();
        });
    if (!begun) {
        call->request.fail(begun.error());
        drop();
    }
}

void ImageService::handle(Request<protocol::ListTags> request)
{
    const auto& parameters = request.parameters();
    const auto prepare = [&]() -> Result<image::TagsRequest> {
        TRY(checkLength(parameters.repository, "repository"));
        return image::TagsRequest{TRY(fetchCaller(request.caller(), parameters.authFile)),
                                  TRY(readRegistrySettings(m_registryClient.settingsFile)), parameters.repository};
    };
    const auto asked = prepare();
    ask(std::move(request), "tags", asked, [](const json::Value& outcome) -> Result<protocol::ListTags::Reply> {
        auto listed = TRY(json::read<image::TagsOutcome>(outcome, json::UnknownKeys::Refuse));
        TRY(image::checkTagsOutcome(listed));
        return protocol::ListTags::Reply{std::move(listed.repository), std::move(listed.tags)};
    });
}

void ImageService::handle(Request<protocol::SearchImages> request)
{
    const auto& parameters = request.parameters();
    const auto prepare = [&]() -> Result<image::SearchRequest> {
        TRY(checkLength(parameters.term, "term"));
        if (parameters.limit < 1 || parameters.limit > foundLimit)
            return fail(ErrorCode::InvalidArgument, "limit: it should be 1 to {}", foundLimit);
        return image::SearchRequest{TRY(fetchCaller(request.caller(), parameters.authFile)),
            TRY(readRegistrySettings(m_registryClient.settingsFile)), parameters.term, parameters.limit};
    };
    const auto asked = prepare();
    ask(std::move(request), "search", asked, [](const json::Value& outcome) -> Result<protocol::SearchImages::Reply> {
        const auto found = TRY(json::read<image::SearchOutcome>(outcome, json::UnknownKeys::Refuse));
        TRY(image::checkSearchOutcome(found));
        protocol::SearchImages::Reply reply;
        for (const image::FoundImage& image : found.images)
            reply.images.push_back({image.name, image.description, image.stars, image.official});
        return reply;
    });
}

void ImageService::handle(Request<protocol::LogoutFromRegistry> request)
{
    const auto& parameters = request.parameters();
    const auto prepare = [&]() -> Result<image::LogoutRequest> {
        TRY(checkLength(parameters.registry, "registry"));
        return image::LogoutRequest{TRY(fetchCaller(request.caller(), parameters.authFile)), parameters.registry};
    };
    const auto asked = prepare();
    ask(std::move(request), "logout", asked,
        [](const json::Value& outcome) -> Result<protocol::LogoutFromRegistry::Reply> {
            const auto done = TRY(json::read<image::LoginOutcome>(outcome, json::UnknownKeys::Refuse));
            TRY(image::checkLoginOutcome(done));
            return protocol::LogoutFromRegistry::Reply{done.place};
        });
}

Result<image::LoginRequest> ImageService::loginRequest(
    const Caller& caller, const protocol::LoginToRegistry::Parameters& parameters)
{
    TRY(checkLength(parameters.registry, "registry"));
    TRY(checkLength(parameters.user, "user"));
    TRY(checkLength(parameters.helper, "helper"));
    return image::LoginRequest{TRY(fetchCaller(caller, parameters.authFile)),
                               TRY(readRegistrySettings(m_registryClient.settingsFile)), parameters.registry,
                               parameters.user, parameters.helper};
}

// The connection itself goes to the registry client, which is the caller: what is said over it never is in this process.
void ImageService::handle(Request<protocol::LoginToRegistry> request)
{
    const auto login = loginRequest(request.caller(), request.parameters());
    if (!login)
        return request.fail(login.error());
    request.upgrade({}, [this, asked = json::write(*login)](UniqueFd socket, const std::string& early) {
        const auto refuse = [&](std::string_view why) { (void)sendAll(socket, frame(FrameType::Failed, why)); };
        if (!early.empty())
            return refuse("the password is to be sent after the reply");
        const auto client = m_questions.emplace(m_questions.end(), m_loop);
        const auto begun = client->start(
            {.program = m_registryClient.program, .mode = "login", .request = asked, .input = socket}, {},
            [this, client](const Result<json::Value>&) { m_loop.post([this, client] { m_questions.erase(client); }); });
        if (begun)
            return;
        refuse(begun.error().what);
        m_questions.erase(client);
    });
}

} // namespace rocker
