#include "helper/fetch/pull.h"

#include "helper/fetch/program/work.h"
#include "helper/fetch/wishes.h"

#include <optional>

namespace rocker::fetch {

Result<json::Value> pull(const image::PullRequest& request)
{
    const Platform platform = TRY(parsePlatform(request.platform));
    Network network(request.settings);
    std::vector<Site> sites = TRY(prepare(request.caller, request.settings, request.reference, network));
    const auto ready = [](const std::string& what) { say({.progress = image::WorkerProgress{.ready = what}}); };
    Wishes wishes{BorrowedFd(image::InputFd)};
    const auto documentsReady = [&](Wishes::Heard heard) {
        wishes.ask(std::move(heard));
        ready(image::documentsReady);
    };
    std::optional<Pull> pull;
    return untilTold([&](const Told& told) {
        pull.emplace(network,
                     Pull::Order{std::move(sites), platform, request.spoolLimit, BorrowedFd(image::OutputFd), documentsReady,
                                 ready, [&] { ready(image::beginAnew); }},
                     ProgressSpeaker(), [told](const Result<image::PullOutcome>& pulled) {
                         told(pulled ? Result<json::Value>(json::write(*pulled)) : fail(pulled.error()));
                     });
        pull->start();
    });
}

Result<json::Value> tags(const image::TagsRequest& request)
{
    Network network(request.settings);
    Site site = ownSite(TRY(prepare(request.caller, request.settings, request.repository, network)));
    const std::string name = site.reference.registry + "/" + site.reference.repository;
    std::optional<TagList> list;
    return untilTold([&](const Told& told) {
        list.emplace(network, std::move(site), [told, name](const Result<image::TagsOutcome>& listed) {
            told(listed ? Result<json::Value>(json::write(*listed))
                        : fail(Error(listed.error()).in("list the tags of " + name)));
        });
        list->start();
    });
}

} // namespace rocker::fetch
