#include "helper/fetch/site.h"

namespace rocker::fetch {

Result<std::vector<Site>> sitesOf(
    std::string_view reference, const image::RegistrySettings& settings, CredentialFinder& finder)
{
    std::vector<Site> sites;
    for (const RemoteReference& meant : TRY(resolveReference(reference, settings)))
        for (Endpoint& endpoint : endpointsOf(meant.registry, settings)) {
            Credentials credentials = finder.find(endpoint.authority, meant.repository);
            sites.push_back({meant, std::move(endpoint), std::move(credentials), finder.trouble()});
        }
    return sites;
}

bool isWorthAnother(const Error& error, const Site& failed)
{
    return failed.endpoint.mirror || error.code == ErrorCode::NotFound || error.code == ErrorCode::PermissionDenied
        || error.code == ErrorCode::Unavailable;
}

} // namespace rocker::fetch
