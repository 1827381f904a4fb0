#include "engine/layout/images.h"

#include "engine/image/digest.h"
#include "engine/image/documents.h"
#include "engine/image/reference.h"

#include <algorithm>

namespace rocker::layout {

namespace {

using image::ArchivedImage;
using json::UnknownKeys;

constexpr int documentsLimit = 1024; // indexes and manifests of one archive

template<typename T>
Result<T> readDocument(const std::string& text, const char* what)
{
    const auto read = [&]() -> Result<T> { return json::read<T>(TRY(json::parseUnambiguous(text)), UnknownKeys::Ignore); };
    auto document = read();
    if (!document)
        return fail(std::move(document).error().in(what).as(ErrorCode::Corrupt));
    return std::move(*document);
}

image::ImageRecord recordOf(const image::Configuration& configuration)
{
    const image::Execution& run = configuration.config;
    image::ImageRecord record{.created = configuration.created,
                              .architecture = configuration.architecture,
                              .os = configuration.os,
                              .entrypoint = run.entrypoint,
                              .command = run.command,
                              .environment = run.environment,
                              .workingDirectory = run.workingDirectory,
                              .user = run.user,
                              .stopSignal = run.stopSignal};
    for (const auto& [port, ignored] : run.exposedPorts)
        record.exposedPorts.push_back(port);
    for (const auto& [path, ignored] : run.volumes)
        record.volumes.push_back(path);
    for (const auto& [name, value] : run.labels)
        if (value.is_string())
            record.labels[name] = value.get<std::string>();
    for (const image::History& step : configuration.history)
        record.history.push_back({step.created, step.createdBy, step.comment, step.emptyLayer});
    return record;
}

Result<> locate(const ArchiveFiles& files, const std::string& name, image::ArchivedLayer& layer)
{
    const ArchiveFiles::Place* const place = files.find(name);
    if (!place)
        return fail(ErrorCode::Corrupt, "the archive has no layer '{}'", name);
    layer.offset = std::int64_t(place->offset);
    layer.size = std::int64_t(place->size);
    return {};
}

Result<std::vector<ArchivedImage>> readDockerArchive(const ArchiveFiles& files)
{
    std::vector<ArchivedImage> images;
    for (const auto& manifest :
         TRY(readDocument<std::vector<image::ArchiveManifest>>(TRY(files.document("manifest.json")), "manifest.json"))) {
        ArchivedImage& target = images.emplace_back();
        for (const std::string& name : manifest.layers)
            TRY(locate(files, name, target.layers.emplace_back()));
        TRY(applyConfiguration(target, TRY(files.document(manifest.config))));
        for (const std::string& tag : manifest.repoTags)
            target.references.push_back(TRY(image::normalizedReference(tag)));
    }
    return images;
}

bool isLayer(std::string_view mediaType)
{
    return mediaType.starts_with("application/vnd.oci.image.layer.v1.tar")
        || mediaType == "application/vnd.docker.image.rootfs.diff.tar.gzip"
        || mediaType == "application/vnd.docker.image.rootfs.diff.tar";
}

// What a document says that it is, where it says so.
Result<> checkType(const std::string& own, const image::Descriptor& descriptor)
{
    if (!own.empty() && own != descriptor.mediaType)
        return fail(ErrorCode::Corrupt, "{} is named as a '{}' and calls itself a '{}'", descriptor.digest, descriptor.mediaType, own);
    return {};
}

bool isIndex(std::string_view mediaType)
{
    return mediaType == "application/vnd.oci.image.index.v1+json"
        || mediaType == "application/vnd.docker.distribution.manifest.list.v2+json";
}

Result<ArchivedImage> readManifest(const ArchiveFiles& files, const image::Descriptor& descriptor)
{
    ArchivedImage target;
    target.manifest = TRY(files.blob(descriptor.digest, descriptor.size));
    target.manifestType = descriptor.mediaType;
    // CVE-2021-41190: a document that is a manifest and an index at once means different things to different readers.
    if (const auto both = json::parse(target.manifest); both && both->contains("manifests"))
        return fail(ErrorCode::Corrupt, "the manifest {} claims to be an index as well", descriptor.digest);
    const auto manifest = TRY(readDocument<image::Manifest>(target.manifest, "the image's manifest"));
    TRY(checkType(manifest.mediaType, descriptor));
    for (const image::Descriptor& layer : manifest.layers) {
        if (!isLayer(layer.mediaType))
            return fail(ErrorCode::Corrupt, "a layer of type '{}' is not known", layer.mediaType);
        TRY(image::checkDigest(layer.digest));
        image::ArchivedLayer& located = target.layers.emplace_back();
        TRY(locate(files, "blobs/sha256/" + std::string(image::hexOf(layer.digest)), located));
        if (located.size != layer.size)
            return fail(ErrorCode::Corrupt, "the blob {} has {} bytes instead of {}", layer.digest, located.size, layer.size);
        located.blobDigest = layer.digest;
        located.mediaType = layer.mediaType;
    }
    TRY(applyConfiguration(target, TRY(files.blob(manifest.config.digest, manifest.config.size))));
    return target;
}

// An index is small and may name the same document again and again: what is followed is counted over all of them.
Result<> readIndex(const ArchiveFiles& files, const std::string& text, const std::string& architecture,
                   std::vector<std::string> references, std::vector<ArchivedImage>& images, int depth, int& followed)
{
    const auto index = TRY(readDocument<image::Index>(text, "the image index"));
    if (!index.mediaType.empty() && !isIndex(index.mediaType))
        return fail(ErrorCode::Corrupt, "the image index calls itself a '{}'", index.mediaType);
    for (const image::Descriptor& descriptor : index.manifests) {
        std::vector<std::string> names = references;
        // containerd's and docker's own says the whole name, of which the other then is only the tag.
        if (const auto whole = descriptor.annotations.find("io.containerd.image.name");
            whole != descriptor.annotations.end())
            names = {TRY(image::normalizedReference(whole->second))};
        else if (const auto name = descriptor.annotations.find("org.opencontainers.image.ref.name");
                 name != descriptor.annotations.end())
            names = {image::isBareTag(name->second) ? ":" + name->second
                                                    : TRY(image::normalizedReference(name->second))};
        if (descriptor.platform && (descriptor.platform->os != "linux" || (!architecture.empty() && descriptor.platform->architecture != architecture)))
            continue;
        if (++followed > documentsLimit)
            return fail(ErrorCode::Corrupt, "the image index names more than {} documents", documentsLimit);
        if (isIndex(descriptor.mediaType)) {
            if (depth == 0)
                return fail(ErrorCode::Corrupt, "the image index is nested too deeply");
            TRY(readIndex(files, TRY(files.blob(descriptor.digest, descriptor.size)), architecture, names, images, depth - 1, followed));
            continue;
        }
        ArchivedImage found = TRY(readManifest(files, descriptor));
        found.references = names;
        images.push_back(std::move(found));
    }
    return {};
}

} // namespace

Result<> applyConfiguration(ArchivedImage& target, const std::string& text)
{
    const auto configuration = TRY(readDocument<image::Configuration>(text, "the image's configuration"));
    if (configuration.rootfs.diffIds.size() != target.layers.size())
        return fail(ErrorCode::Corrupt, "the image's configuration names {} layers, its manifest {}",
                    configuration.rootfs.diffIds.size(), target.layers.size());
    if (!configuration.os.empty() && configuration.os != "linux")
        return fail(ErrorCode::Corrupt, "the image is for '{}', and containers here are Linux", configuration.os);
    target.configuration = text;
    target.record = recordOf(configuration);
    std::vector<std::string> steps;
    for (const image::History& history : configuration.history)
        if (!history.emptyLayer)
            steps.push_back(history.createdBy);
    for (std::size_t i = 0; i < target.layers.size(); ++i) {
        TRY(image::checkDigest(configuration.rootfs.diffIds[i]));
        target.layers[i].diffId = configuration.rootfs.diffIds[i];
        if (steps.size() == target.layers.size())
            target.layers[i].createdBy = steps[i];
    }
    return {};
}

Result<std::vector<ArchivedImage>> readImages(const ArchiveFiles& files, const std::string& architecture)
{
    std::vector<ArchivedImage> images;
    int followed = 0;
    // What is both is read as the layout, which has manifests and digests of everything.
    if (files.find("index.json") && (files.find("oci-layout") || !files.find("manifest.json")))
        TRY(readIndex(files, TRY(files.document("index.json")), architecture, {}, images, 2, followed));
    else if (files.find("manifest.json"))
        images = TRY(readDockerArchive(files));
    else
        return fail(ErrorCode::Corrupt, "this archive is no image: it has neither manifest.json nor index.json");
    if (images.empty() && architecture.empty())
        return fail(ErrorCode::Corrupt, "the archive has no image for Linux");
    if (images.empty())
        return fail(ErrorCode::Corrupt, "the archive has no image for linux/{}", architecture);
    return images;
}

} // namespace rocker::layout
