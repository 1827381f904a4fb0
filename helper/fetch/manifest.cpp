#include "helper/fetch/manifest.h"

#include "engine/image/digest.h"
#include "engine/image/worker_messages.h"
#include "helper/fetch/complaint.h"

#include <algorithm>

namespace rocker::fetch {

namespace {

constexpr std::string_view ociManifest = "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view dockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
constexpr std::string_view ociIndex = "application/vnd.oci.image.index.v1+json";
constexpr std::string_view dockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr std::string_view schema1 = "application/vnd.docker.distribution.manifest.v1+";
constexpr std::int64_t blobLimit = 64LL << 30;

bool isKnown(std::string_view type)
{
    return type == ociManifest || type == dockerManifest || type == ociIndex || type == dockerList;
}

std::string shown(std::string_view text)
{
    return quoted(QByteArray(text.data(), qsizetype(text.size())));
}

Result<> checkLayerType(std::string_view type)
{
    if (type.contains("foreign") || type.contains("nondistributable"))
        return fail(ErrorCode::FailedPrecondition,
            "a layer may not be distributed and lies elsewhere ('{}'): such images, most of "
            "them for Windows, are not supported",
            shown(type));
    if (type.contains("encrypted"))
        return fail(
            ErrorCode::FailedPrecondition, "a layer is encrypted ('{}'): such images are not supported", shown(type));
    for (const std::string_view base :
        {"application/vnd.oci.image.layer.v1.tar", "application/vnd.docker.image.rootfs.diff.tar"})
        for (const std::string_view compression : {"", "+gzip", "+zstd", ".gzip", ".zstd"})
            if (type == std::string(base) + std::string(compression))
                return {};
    return fail(ErrorCode::Corrupt, "a layer is of the unknown type '{}': this is not a container image", shown(type));
}

Result<> checkBlob(const image::Descriptor& blob, std::int64_t limit)
{
    if (!image::isDigest(blob.digest))
        return fail(ErrorCode::Corrupt, "the digest '{}' is not one of SHA-256, the only kind that is supported",
            shown(blob.digest));
    if (blob.size < 0 || blob.size > limit)
        return fail(ErrorCode::Corrupt, "the blob {} is said to have {} bytes: from 0 to {} are accepted", blob.digest,
            blob.size, limit);
    return {};
}

Result<> checkManifest(const image::Manifest& manifest)
{
    const std::string_view configuration = manifest.config.mediaType;
    if (configuration != "application/vnd.oci.image.config.v1+json"
        && configuration != "application/vnd.docker.container.image.v1+json")
        return fail(ErrorCode::Corrupt, "its configuration is of the type '{}': this is not a container image",
            shown(configuration));
    TRY(checkBlob(manifest.config, image::documentLimit));
    if (manifest.layers.size() > image::layersLimit)
        return fail(
            ErrorCode::Corrupt, "it has {} layers: {} are accepted", manifest.layers.size(), image::layersLimit);
    std::map<std::string, std::int64_t> sizes{{manifest.config.digest, manifest.config.size}};
    for (const image::Descriptor& layer : manifest.layers) {
        TRY(checkLayerType(layer.mediaType));
        TRY(checkBlob(layer, blobLimit));
        if (sizes.try_emplace(layer.digest, layer.size).first->second != layer.size)
            return fail(ErrorCode::Corrupt, "the blob {} is said to have two sizes", layer.digest);
    }
    return {};
}

} // namespace

Result<std::variant<ReadManifest, ReadIndex>> readManifest(std::string_view contentType, std::string_view text)
{
    if (contentType.starts_with("text/html"))
        return fail(ErrorCode::Corrupt,
            "a web page came instead of a manifest: this is not a registry, or a login page stands before it");
    if (contentType.starts_with(schema1))
        return fail(ErrorCode::FailedPrecondition,
            "it is in Docker's old format (schema 1), which is not supported: it must be pushed anew");
    auto parsed = json::parseUnambiguous(text);
    if (!parsed || !parsed->is_object())
        return fail(ErrorCode::Corrupt, "what came is not a manifest: it is no JSON object");
    if (const auto version = parsed->find("schemaVersion"); version != parsed->end() && *version == 1)
        return fail(ErrorCode::FailedPrecondition,
            "it is in Docker's old format (schema 1), which is not supported: it must be pushed anew");
    const auto own = parsed->find("mediaType");
    std::string type(contentType);
    if (own != parsed->end() && own->is_string()) {
        const auto& said = own->get_ref<const std::string&>();
        if (isKnown(contentType) && said != contentType)
            return fail(
                ErrorCode::Corrupt, "it is sent as a '{}' and calls itself a '{}'", shown(contentType), shown(said));
        type = said;
    }
    if (!isKnown(type))
        return fail(ErrorCode::Corrupt, "it is of the unknown type '{}': this is not a container image", shown(type));
    const bool isIndex = type == ociIndex || type == dockerList;
    // CVE-2021-41190: one document that is both means different things to different readers.
    if (parsed->contains(isIndex ? "layers" : "manifests"))
        return fail(ErrorCode::Corrupt, "it claims to be a manifest and an index at once");
    if (isIndex) {
        auto index = json::read<image::Index>(*parsed, json::UnknownKeys::Ignore);
        if (!index)
            return fail(ErrorCode::Corrupt, "what came is not an index of images: {}", index.error().what);
        return ReadIndex{std::move(*index)};
    }
    auto manifest = json::read<image::Manifest>(*parsed, json::UnknownKeys::Ignore);
    if (!manifest)
        return fail(ErrorCode::Corrupt, "what came is not a manifest: {}", manifest.error().what);
    TRY(checkManifest(*manifest));
    return ReadManifest{std::move(type), std::move(*manifest)};
}

Result<> checkDocument(const image::Descriptor& descriptor)
{
    return checkBlob(descriptor, image::documentLimit);
}

Result<> checkConfiguration(std::string_view text, const image::Manifest& manifest, const Platform& platform)
{
    const auto parsed = json::parseUnambiguous(text);
    const auto read
        = parsed ? json::read<image::Configuration>(*parsed, json::UnknownKeys::Ignore) : fail(parsed.error());
    if (!read)
        return fail(ErrorCode::Corrupt, "its configuration cannot be read: {}", read.error().what);
    if (read->rootfs.diffIds.size() != manifest.layers.size())
        return fail(ErrorCode::Corrupt, "its configuration names {} layers, its manifest {}",
            read->rootfs.diffIds.size(), manifest.layers.size());
    if (read->os != "linux")
        return fail(
            ErrorCode::FailedPrecondition, "it is made for '{}': only images for linux can be run", shown(read->os));
    if (read->architecture != platform.architecture)
        return fail(ErrorCode::FailedPrecondition, "it is made for linux/{}, not for {}{}", shown(read->architecture),
            platform.text(),
            platform.asked ? ""
                           : std::format(": --platform linux/{} takes it all the same", shown(read->architecture)));
    return {};
}

} // namespace rocker::fetch
