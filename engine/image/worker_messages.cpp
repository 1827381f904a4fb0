#include "engine/image/worker_messages.h"

#include "engine/image/digest.h"
#include "engine/image/reference.h"

#include <algorithm>

namespace rocker::image {

namespace {

constexpr std::size_t wordLimit = 128 * 1024; // as long as execve(2) takes one (MAX_ARG_STRLEN)
constexpr std::size_t proseLimit = 1 << 20;    // of what is only shown
constexpr std::size_t listLimit = 4096;

Result<> checkText(std::string_view text, std::string_view what, std::size_t limit = wordLimit)
{
    if (text.size() > limit || text.contains('\0'))
        return fail(ErrorCode::Corrupt, "{} of the image is too long or contains a NUL", what);
    return {};
}

Result<> checkList(const std::vector<std::string>& list, std::string_view what)
{
    if (list.size() > listLimit)
        return fail(ErrorCode::Corrupt, "{} of the image has {} elements", what, list.size());
    for (const std::string& text : list)
        TRY(checkText(text, what));
    return {};
}

Result<> checkRecord(const ImageRecord& record)
{
    TRY(checkText(record.created, "creation time"));
    TRY(checkText(record.architecture, "architecture"));
    TRY(checkText(record.os, "system"));
    TRY(checkList(record.entrypoint, "entrypoint"));
    TRY(checkList(record.command, "command"));
    TRY(checkList(record.environment, "environment"));
    TRY(checkText(record.workingDirectory, "working directory"));
    TRY(checkText(record.user, "user"));
    TRY(checkText(record.stopSignal, "stop signal"));
    TRY(checkList(record.exposedPorts, "list of ports"));
    TRY(checkList(record.volumes, "list of volumes"));
    if (record.labels.size() > listLimit || record.history.size() > listLimit)
        return fail(ErrorCode::Corrupt, "the image has more than {} labels or steps", listLimit);
    for (const auto& [name, value] : record.labels) {
        TRY(checkText(name, "label"));
        TRY(checkText(value, "label", proseLimit));
    }
    for (const HistoryEntry& step : record.history) {
        TRY(checkText(step.created, "history"));
        TRY(checkText(step.createdBy, "history", proseLimit));
        TRY(checkText(step.comment, "history", proseLimit));
    }
    return {};
}

Result<> checkImage(const ArchivedImage& image)
{
    if (image.layers.size() > layersLimit)
        return fail(ErrorCode::Corrupt, "the image has {} layers, more than {} allowed", image.layers.size(), layersLimit);
    if (image.configuration.size() > documentLimit || image.manifest.size() > documentLimit)
        return fail(ErrorCode::Corrupt, "the image's documents are too large");
    if (image.references.size() > listLimit)
        return fail(ErrorCode::Corrupt, "the image has too many references");
    for (const std::string& reference : image.references)
        if (reference != TRY(normalizedReference(reference.starts_with(':') ? "x" + reference : reference))
                             .substr(reference.starts_with(':') ? 1 : 0))
            return fail(ErrorCode::Corrupt, "the reference '{}' is not normalized", reference);
    TRY(checkText(image.manifestType, "manifest"));
    TRY(checkRecord(image.record));
    for (const ArchivedLayer& layer : image.layers) {
        TRY(checkDigest(layer.diffId));
        if (!layer.blobDigest.empty())
            TRY(checkDigest(layer.blobDigest));
        TRY(checkText(layer.mediaType, "layer's media type"));
        TRY(checkText(layer.createdBy, "history", proseLimit));
        if (layer.offset < 0 || layer.size < 0)
            return fail(ErrorCode::Corrupt, "a layer lies outside of the archive");
    }
    return {};
}

} // namespace

Result<> checkIndexOutcome(const IndexOutcome& outcome)
{
    if (outcome.images.empty() || outcome.images.size() > imagesLimit)
        return fail(ErrorCode::Corrupt, "the archive holds {} images", outcome.images.size());
    for (const ArchivedImage& image : outcome.images)
        TRY(checkImage(image));
    return {};
}

Result<> checkStreamOutcome(const StreamOutcome& outcome, const ArchivedLayer& asked)
{
    TRY(checkDigest(outcome.blobDigest));
    TRY(checkText(outcome.mediaType, "layer's media type"));
    if (outcome.diffId != asked.diffId || (!asked.blobDigest.empty() && outcome.blobDigest != asked.blobDigest)
        || (!asked.mediaType.empty() && outcome.mediaType != asked.mediaType) || outcome.blobSize < 0)
        return fail(ErrorCode::Corrupt, "the layer {} was read as another one", asked.diffId);
    return {};
}

Result<> checkUnpackOutcome(const UnpackOutcome& outcome)
{
    if (outcome.size < 0 || outcome.files < 0)
        return fail(ErrorCode::Corrupt, "the layer's size is negative");
    return {};
}

} // namespace rocker::image
