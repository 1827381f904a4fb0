#include "helper/fetch/remote_reference.h"

#include "engine/image/digest.h"
#include "engine/image/reference.h"

#include <algorithm>

namespace rocker::fetch {

namespace {

constexpr std::string_view dockerHub = "docker.io";
constexpr std::string_view dockerHubServer = "registry-1.docker.io";

bool isDockerHub(std::string_view registry)
{
    return registry == dockerHub || registry == "index.docker.io" || registry == dockerHubServer;
}

RemoteReference at(std::string_view registry, std::string_view path, std::string_view tag, std::string_view digest)
{
    RemoteReference found{std::string(isDockerHub(registry) ? dockerHub : registry), std::string(path),
        std::string(tag), std::string(digest)};
    if (found.registry == dockerHub && !path.contains('/'))
        found.repository = "library/" + found.repository;
    return found;
}

} // namespace

std::string RemoteReference::fullName() const
{
    return registry + "/" + repository + (tag.empty() ? "" : ":" + tag) + (digest.empty() ? "" : "@" + digest);
}

Result<std::vector<RemoteReference>> resolveReference(std::string_view text, const image::RegistrySettings& settings)
{
    const std::size_t at_ = text.find('@');
    const std::string_view named = text.substr(0, at_);
    std::string_view digest;
    if (at_ != std::string_view::npos) {
        digest = text.substr(at_ + 1);
        if (!image::isDigest(digest))
            return fail(ErrorCode::InvalidArgument,
                "'{}' is not an image reference: after '@' stands sha256: and 64 digits", text.substr(0, 300));
    }
    TRY(image::normalizedReference(named)); // its grammar; what it leaves out is needed here
    const std::size_t colon = named.rfind(':');
    const bool tagged = colon != std::string_view::npos && named.find('/', colon) == std::string_view::npos;
    const std::string_view name = tagged ? named.substr(0, colon) : named;
    const std::string_view tag = tagged ? named.substr(colon + 1) : digest.empty() ? "latest" : "";
    const std::size_t slash = name.find('/');
    if (slash != std::string_view::npos && image::namesRegistry(name.substr(0, slash)))
        return std::vector{at(name.substr(0, slash), name.substr(slash + 1), tag, digest)};
    std::vector<RemoteReference> candidates;
    for (const std::string& registry : settings.shortNames)
        candidates.push_back(at(registry, name, tag, digest));
    if (candidates.empty())
        return fail(ErrorCode::InvalidArgument, "'{}' names no registry, and no registry is set for short names: write "
                    "registry/{} in full", text.substr(0, 300), text.substr(0, 300));
    return candidates;
}

std::string Endpoint::base() const
{
    return (plain ? "http://" : "https://") + host;
}

std::vector<Endpoint> endpointsOf(const std::string& registry, const image::RegistrySettings& settings)
{
    const auto isPlain = [&](const std::string& host) { return std::ranges::contains(settings.insecure, host); };
    std::vector<Endpoint> endpoints;
    if (const auto mirrors = settings.mirrors.find(registry); mirrors != settings.mirrors.end())
        for (const std::string& host : mirrors->second)
            endpoints.push_back({host, isPlain(host), true, host});
    const std::string host(isDockerHub(registry) ? std::string(dockerHubServer) : registry);
    endpoints.push_back({host, isPlain(host), false, registry});
    return endpoints;
}

} // namespace rocker::fetch
