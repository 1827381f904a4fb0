#pragma once

#include "engine/base/result.h"
#include "engine/image/documents.h"
#include "helper/fetch/platform.h"

#include <string>
#include <string_view>
#include <variant>

namespace rocker::fetch {

// The media types that are asked for, and understood.
inline constexpr std::string_view acceptedManifests =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

struct ReadManifest {
    std::string mediaType;
    image::Manifest manifest; // its blobs: known types, sizes that can be, one size for one digest
};

struct ReadIndex {
    image::Index index;
};

// What a registry has answered with, by its field Content-Type and by what it says itself, which must agree.
// Everything that is no image is refused by its name.
Result<std::variant<ReadManifest, ReadIndex>> readManifest(std::string_view contentType, std::string_view text);

// A document that is to be asked for by its digest.
Result<> checkDocument(const image::Descriptor& descriptor);

// Before layers are fetched: the configuration belongs to this manifest and platform.
Result<> checkConfiguration(std::string_view text, const image::Manifest& manifest, const Platform& platform);

} // namespace rocker::fetch
