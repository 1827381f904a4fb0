#pragma once

#include "helper/fetch/credentials.h"
#include "helper/fetch/remote_reference.h"

namespace rocker::fetch {

// One place where an image may be, and all that is needed to ask there.
struct Site {
    RemoteReference reference;
    Endpoint endpoint;
    Credentials credentials;
    std::string trouble; // why there may be none

    // "https://registry-1.docker.io/v2/library/alpine/manifests/latest"
    std::string url(std::string_view kind, std::string_view name) const
    {
        return std::format("{}/v2/{}/{}/{}", endpoint.base(), reference.repository, kind, name);
    }
    // The right to do something with the repository: "pull", "pull,push".
    std::string scope(std::string_view actions) const
    {
        return std::format("repository:{}:{}", reference.repository, actions);
    }
};

// All of them in the order to ask them: the mirrors of a registry before it.
Result<std::vector<Site>> sitesOf(
    std::string_view reference, const image::RegistrySettings& settings, CredentialFinder& finder);

// Whether another site may know better than one that has failed so.
bool isWorthAnother(const Error& error, const Site& failed);

} // namespace rocker::fetch
