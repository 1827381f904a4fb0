#include "helper/services/image_service.h"

#include "engine/container/record.h"
#include "engine/json/json.h"
#include "engine/os/file.h"

// Commit: a container's changes as an image.
namespace rocker {

namespace {

constexpr std::size_t listLimit = 4096;
constexpr std::size_t textLimit = 64 * 1024;

Result<> checkTexts(const std::vector<std::string>& texts, std::string_view parameter)
{
    if (texts.size() > listLimit)
        return fail(ErrorCode::InvalidArgument, "{}: more than {} elements", parameter, listLimit);
    for (const std::string& text : texts)
        if (text.size() > textLimit || text.contains('\0'))
            return fail(ErrorCode::InvalidArgument, "{}: an element is too long or contains a NUL", parameter);
    return {};
}

// "/etc/passwd" as the packer has it; what climbs or is empty names nothing.
Result<std::vector<std::string>> relative(const std::vector<std::string>& paths)
{
    std::vector<std::string> found;
    for (const std::string& path : paths) {
        std::string joined;
        for (std::size_t at = 0; at < path.size();) {
            const std::size_t end = std::min(path.find('/', at), path.size());
            const std::string part = path.substr(at, end - at);
            at = end + 1;
            if (part == "..")
                return fail(ErrorCode::InvalidArgument, "paths: '{}' climbs", path.substr(0, 300));
            if (!part.empty() && part != ".")
                joined += (joined.empty() ? "" : "/") + part;
        }
        if (joined.empty())
            return fail(ErrorCode::InvalidArgument, "paths: '{}' is no path in the container", path.substr(0, 300));
        found.push_back(std::move(joined));
    }
    return found;
}

Result<image::ConfigurationEdits> editsOf(const protocol::CommitContainer::Parameters& parameters)
{
    for (const auto& [name, list] : {std::pair("entrypoint", &parameters.entrypoint), {"command", &parameters.command}})
        if (*list)
            TRY(checkTexts(**list, name));
    TRY(checkTexts(parameters.environment, "environment"));
    for (const std::string& variable : parameters.environment)
        if (variable.find('=') == 0 || !variable.contains('='))
            return fail(ErrorCode::InvalidArgument, "environment: '{}' does not read NAME=value", variable.substr(0, 300));
    TRY(checkTexts(parameters.exposedPorts, "exposedPorts"));
    TRY(checkTexts(parameters.volumes, "volumes"));
    return image::ConfigurationEdits{.entrypoint = parameters.entrypoint,
                                     .command = parameters.command,
                                     .environment = parameters.environment,
                                     .labels = parameters.labels,
                                     .exposedPorts = parameters.exposedPorts,
                                     .volumes = parameters.volumes,
                                     .workingDirectory = parameters.workingDirectory,
                                     .user = parameters.user,
                                     .stopSignal = parameters.stopSignal};
}

} // namespace

Result<ImportJob::Changes> ImageService::changesFor(const protocol::CommitContainer::Parameters& parameters, const std::string& imageId,
                                                    const std::string& container)
{
    ImportJob::Changes changes{.base = TRY(m_store.find(imageId), "the image that '{}' was made of", container)};
    image::CommitDocument document{.paths = TRY(relative(parameters.paths)),
                                   .edits = TRY(editsOf(parameters)),
                                   .created = container::timestamp(),
                                   .createdBy = std::format("rocker commit {}", container),
                                   .author = parameters.author,
                                   .comment = parameters.comment};
    for (const image::StoredLayer& layer : changes.base.layers) {
        if (layer.blobDigest.empty() || !m_store.hasBlob(layer.blobDigest))
            return fail(ErrorCode::FailedPrecondition,
                        "the layers of its image were imported by an older version, which did not keep them: import the image again");
        document.layers.push_back({.diffId = layer.diffId, .blobDigest = layer.blobDigest, .mediaType = layer.mediaType,
                                   .offset = 0, .size = layer.blobSize, .createdBy = layer.createdBy});
    }
    document.configuration = TRY(os::readAll(TRY(m_store.openBlob(changes.base.id)), image::documentLimit), "read the image's configuration");
    changes.document = json::dump(json::write(document));
    if (changes.document.size() > image::commitDocumentLimit)
        return fail(ErrorCode::InvalidArgument, "this is more than a commit can say");
    return changes;
}

void ImageService::handle(Request<protocol::CommitContainer> request)
{
    const auto& parameters = request.parameters();
    auto source = m_changesOf(request.caller(), parameters.container, parameters.pause);
    if (!source)
        return request.fail(source.error());
    auto changes = changesFor(parameters, source->imageId, source->name);
    if (!changes)
        return request.fail(std::move(changes).error().in("commit '" + source->name + "'"));
    ImportJob::Options options{.workerProgram = m_workerProgram, .reference = parameters.reference, .caller = request.caller(),
                               .changes = std::move(*changes)};
    auto shared = std::make_shared<Request<protocol::CommitContainer>>(std::move(request));
    runImport(std::move(source->directory), std::move(options),
              {.progress = [shared](const protocol::ImportProgress& progress) { shared->progress({progress, {}}); },
               .done =
                   [this, shared, name = source->name, paused = std::move(source->paused)](const Result<std::vector<std::string>>& ids) mutable {
                       paused.reset(); // the container goes on before anybody hears of its image
                       auto images = stored(ids);
                       images ? shared->reply({{}, std::move(*images)}) : shared->fail(std::move(images).error().in("commit '" + name + "'"));
                   },
               .onGone = [shared](std::function<void()> gone) { shared->onGone(std::move(gone)); }});
}

} // namespace rocker
