#include "helper/fetch/search.h"

#include "helper/fetch/confine.h"
#include "helper/fetch/program/work.h"

#include <list>

namespace rocker::fetch {

// All places at once; one that fails is an error only when none has an answer.
Result<json::Value> search(const image::SearchRequest& request)
{
    CredentialFinder finder(personOf(unsigned(request.caller.uid), request.caller.authFile));
    const std::vector<SearchPlace> places = TRY(searchPlaces(request.term, request.settings, finder));
    Network network(request.settings);
    for (const SearchPlace& place : places)
        TRY(network.loadCertificates(place.endpoint.host, certificateDirectories), "certificates");
    TRY(closeBehind(), "confine the registry client");
    std::list<Search> searches;
    std::vector<std::optional<Result<image::SearchOutcome>>> outcomes(places.size());
    return untilTold([&](const Told& told) {
        for (std::size_t i = 0; i < places.size(); ++i)
            searches.emplace_back(network, places[i], std::size_t(request.limit),
                                  [&outcomes, &request, i, told](Result<image::SearchOutcome> found) {
                outcomes[i] = std::move(found);
                if (!std::ranges::all_of(outcomes, [](const auto& outcome) { return outcome.has_value(); }))
                    return;
                image::SearchOutcome all;
                for (const auto& outcome : outcomes)
                    if (*outcome)
                        all.images.insert(all.images.end(), (*outcome)->images.begin(), (*outcome)->images.end());
                const bool none
                    = std::ranges::none_of(outcomes, [](const auto& outcome) { return outcome->has_value(); });
                all.images.resize(std::min(all.images.size(), std::size_t(request.limit)));
                told(none ? Result<json::Value>(fail(outcomes.front()->error())) : json::write(all));
            });
        for (Search& search : searches)
            search.start();
    });
}

} // namespace rocker::fetch
