#pragma once

#include "engine/base/result.h"
#include "engine/image/registry_messages.h"

#include <string>
#include <string_view>
#include <vector>

namespace rocker::fetch {

// An image in a registry, nothing left out.
struct RemoteReference {
    std::string registry;   // "docker.io", "localhost:5000"
    std::string repository; // "library/alpine"
    std::string tag;        // empty when a digest alone was given
    std::string digest;     // empty unless the reference is pinned

    std::string fullName() const; // "docker.io/library/alpine:latest", with @digest where pinned
    // What the manifest is asked for by: the digest before the tag.
    const std::string& wanted() const { return digest.empty() ? tag : digest; }
};

// Every place where `text` may be meant, in the order to look there: one, unless it names no registry and the settings
// have several for such names.
Result<std::vector<RemoteReference>> resolveReference(std::string_view text, const image::RegistrySettings& settings);

// A server to ask for an image, a mirror or the registry itself.
struct Endpoint {
    std::string host;       // "registry-1.docker.io", "localhost:5000"
    bool plain = false;     // HTTP without TLS
    bool mirror = false;
    std::string authority;  // under which its credentials are kept: "docker.io" for registry-1.docker.io

    std::string base() const; // "https://registry-1.docker.io"
};
std::vector<Endpoint> endpointsOf(const std::string& registry, const image::RegistrySettings& settings);

} // namespace rocker::fetch
