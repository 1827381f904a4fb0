#include "engine/image/digest.h"
#include "engine/os/file.h"
#include "engine/os/socket.h"
#include "helper/fetch/image_push.h"
#include "helper/fetch/program/work.h"

#include <optional>

namespace rocker::fetch {

namespace {

std::vector<UniqueFd>& kept()
{
    static std::vector<UniqueFd> blobs;
    return blobs;
}

Result<ImagePush::Order> orderOf(Site site, const image::PushPlan& plan)
{
    const std::vector<UniqueFd>& files = kept();
    if (plan.blobs.size() != files.size() || plan.blobs.size() < 2)
        return fail(ErrorCode::Internal, "{} blobs came for a plan of {}", files.size(), plan.blobs.size());
    ImagePush::Order order{.site = std::move(site), .manifestType = plan.manifestType};
    order.manifest = TRY(os::readAll(files[0], image::documentLimit), "read the image's manifest");
    if (const std::string found = image::digestOf(order.manifest); found != plan.blobs[0].digest)
        return fail(
            ErrorCode::Corrupt, "the image's manifest has the digest {} instead of {}", found, plan.blobs[0].digest);
    for (std::size_t i = 1; i < files.size(); ++i)
        order.blobs.push_back({plan.blobs[i].digest, plan.blobs[i].size, plan.blobs[i].from, files[i]});
    return order;
}

Result<Site> destination(std::vector<Site> sites, const std::string& text)
{
    std::erase_if(sites, [](const Site& site) { return site.endpoint.mirror; });
    if (sites.size() > 1)
        return fail(ErrorCode::InvalidArgument,
            "'{}' names no registry, and several are set for short names: write registry/{} in full", text, text);
    if (!sites.front().reference.digest.empty())
        return fail(
            ErrorCode::InvalidArgument, "'{}': an image is pushed under a tag; its digest follows from it", text);
    return std::move(sites.front());
}

} // namespace

Result<std::vector<UniqueFd>> receiveBlobs()
{
    const UniqueFd socket(image::BlobFd);
    std::vector<UniqueFd> blobs;
    for (;;) {
        auto message = TRY(os::receiveMessage(socket, 16, image::pushFdsAtOnce), "take the blobs");
        if (message.bytes.empty())
            return blobs;
        std::ranges::move(message.fds, std::back_inserter(blobs));
    }
}

void keepBlobs(std::vector<UniqueFd> blobs)
{
    kept() = std::move(blobs);
}

Result<json::Value> push(const image::PushRequest& request)
{
    const auto plan
        = TRY(json::readText<image::PushPlan>(
                  TRY(os::readAll(BorrowedFd(image::InputFd), image::pushPlanLimit)), json::UnknownKeys::Refuse),
            "the plan of the push");
    Network network(request.settings);
    Site site = TRY(
        destination(TRY(prepare(request.caller, request.settings, request.reference, network)), request.reference));
    const std::string step = "Pushing " + site.reference.fullName();
    ImagePush::Order order = TRY(orderOf(std::move(site), plan));
    ProgressSpeaker speaker;
    std::optional<ImagePush> push;
    return untilTold([&](const Told& told) {
        push.emplace(
            network, std::move(order),
            [&](std::int64_t done, std::int64_t total) { speaker(step, done, total); },
            [told](const Result<image::PushOutcome>& pushed) {
                told(pushed ? Result<json::Value>(json::write(*pushed)) : fail(pushed.error()));
            });
        push->start();
    });
}

} // namespace rocker::fetch
