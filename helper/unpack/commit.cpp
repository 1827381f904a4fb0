#include "helper/unpack/commit.h"

#include "engine/archive/byte_source.h"
#include "engine/image/digest.h"
#include "engine/layout/images.h"
#include "engine/os/file.h"
#include "helper/unpack/configuration.h"
#include "helper/unpack/layer_packer.h"
#include "helper/unpack/zstd_blob.h"

#include <algorithm>

namespace rocker::unpack {

namespace {

using json::Value;

constexpr const char* manifestType = "application/vnd.oci.image.manifest.v1+json";
constexpr const char* configurationType = "application/vnd.oci.image.config.v1+json";

Result<image::CommitDocument> readDocument()
{
    std::string text(image::commitDocumentLimit, '\0');
    archive::FdSource source{BorrowedFd(image::BaseFd)};
    text.resize(TRY(archive::readFully(source, text), "read what to commit"));
    return json::read<image::CommitDocument>(TRY(json::parse(text)), json::UnknownKeys::Refuse);
}

Value historyOf(const image::CommitDocument& document, bool emptyLayer)
{
    Value step{{"created", document.created}, {"created_by", document.createdBy}};
    if (!document.author.empty())
        step["author"] = document.author;
    if (!document.comment.empty())
        step["comment"] = document.comment;
    if (emptyLayer)
        step["empty_layer"] = true;
    return step;
}

Result<std::string> configurationOf(const image::CommitDocument& document, const std::optional<image::ArchivedLayer>& layer)
{
    Value configuration = TRY(json::parseUnambiguous(document.configuration), "the image's configuration");
    if (!configuration.is_object() || !configuration.contains("rootfs") || !configuration["rootfs"].is_object())
        return fail(ErrorCode::Corrupt, "the image's configuration has no 'rootfs'");
    editConfiguration(configuration, document.edits);
    configuration["created"] = document.created;
    if (!document.author.empty())
        configuration["author"] = document.author;
    // Of the container in which Docker once made the image.
    for (const char* name : {"container", "container_config", "id", "parent"})
        configuration.erase(name);
    memberOf(configuration, "history", Value::value_t::array).push_back(historyOf(document, !layer));
    if (layer)
        memberOf(configuration["rootfs"], "diff_ids", Value::value_t::array).push_back(layer->diffId);
    return json::dump(configuration);
}

// In an OCI manifest every layer has a type of OCI's; Docker's mean the same bytes.
std::string ociType(const std::string& type)
{
    if (!type.starts_with("application/vnd.docker."))
        return type;
    return image::layerMediaType + std::string(type.ends_with(".gzip") ? "+gzip" : "");
}

std::string manifestOf(const std::string& configuration, const std::vector<image::ArchivedLayer>& layers)
{
    const auto descriptor = [](const std::string& type, const std::string& digest, std::int64_t size) {
        return Value{{"mediaType", type}, {"digest", digest}, {"size", size}};
    };
    Value list = Value::array();
    for (const image::ArchivedLayer& layer : layers)
        list.push_back(descriptor(ociType(layer.mediaType), layer.blobDigest, layer.size));
    return json::dump(Value{{"schemaVersion", 2},
                            {"mediaType", manifestType},
                            {"config", descriptor(configurationType, image::digestOf(configuration), std::int64_t(configuration.size()))},
                            {"layers", list}});
}

// The changes as a blob in OutputFd; nothing when there are none.
Result<std::optional<image::ArchivedLayer>> writeLayer(const image::CommitRequest& request, const image::CommitDocument& document)
{
    ZstdBlob blob(BorrowedFd(image::OutputFd), request.blobLimit);
    LayerPacker packer(BorrowedFd(image::InputFd), document.paths, std::uint64_t(request.contentLimit),
                       [&](std::string_view bytes) { return blob.add(bytes); });
    if (TRY(packer.run()) == 0)
        return std::nullopt;
    TRY(blob.finish());
    return image::ArchivedLayer{.diffId = blob.diffId(),
                                .blobDigest = blob.blobDigest(),
                                .mediaType = std::string(image::layerMediaType) + "+zstd",
                                .offset = 0,
                                .size = blob.size(),
                                .createdBy = document.createdBy};
}

} // namespace

Result<image::IndexOutcome> commitChanges(const image::CommitRequest& request)
{
    const image::CommitDocument document = TRY(readDocument());
    const auto layer = TRY(writeLayer(request, document));
    image::ArchivedImage made{.manifestType = manifestType, .layers = document.layers};
    if (layer)
        made.layers.push_back(*layer);
    const std::string configuration = TRY(configurationOf(document, layer));
    TRY(layout::applyConfiguration(made, configuration));
    made.manifest = manifestOf(configuration, made.layers);
    image::IndexOutcome outcome{.spooled = true};
    outcome.images.push_back(std::move(made));
    return outcome;
}

} // namespace rocker::unpack
