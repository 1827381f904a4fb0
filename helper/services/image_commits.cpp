#include "helper/services/image_service.h"

#include "engine/archive/layer_path.h"
#include "engine/container/record.h"
#include "engine/json/json.h"
#include "engine/os/file.h"
#include "helper/services/configuration_edits.h"
#include "helper/services/hand_out.h"
#include "helper/services/in_turn.h"

// Commit, Export: a container's changes as an image, and all that it sees as a tar.
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

// As the packer has them: from the container's root, without a slash in front.
Result<std::vector<std::string>> relative(const std::vector<std::string>& paths)
{
    TRY(checkTexts(paths, "paths"));
    std::vector<std::string> found;
    for (const std::string& path : paths) {
        const auto components = TRY(archive::layerPath(path), "paths: '{}'", path.substr(0, 300));
        if (components.empty())
            return fail(ErrorCode::InvalidArgument, "paths: '{}' is the whole container: name none instead", path.substr(0, 300));
        found.push_back(archive::joined(components));
    }
    return found;
}

} // namespace

Result<image::ConfigurationEdits> checkedEdits(image::ConfigurationEdits parameters)
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
    return parameters;
}

Result<ImportJob::Changes> ImageService::changesFor(const protocol::CommitContainer::Parameters& parameters, const std::string& imageId,
                                                    const std::string& container)
{
    ImportJob::Changes changes{.base = TRY(m_store.find(imageId), "the image that '{}' was made of", container)};
    image::CommitDocument document{.paths = TRY(relative(parameters.paths)),
                                   .edits = TRY(checkedEdits(editsOf(parameters))),
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
    inTurn(std::move(request), &ImageService::beginCommit);
}

void ImageService::beginCommit(Request<protocol::CommitContainer> request, Slots::Slot place)
{
    const auto& parameters = request.parameters();
    auto source = m_changesOf(request.caller(), parameters.container, parameters.pause);
    if (!source)
        return request.fail(source.error());
    auto changes = changesFor(parameters, source->imageId, source->name);
    if (!changes)
        return request.fail(std::move(changes).error().in("commit '" + source->name + "'"));
    changes->hold = std::move(source->paused);
    ImportJob::Options options{.workerProgram = m_workerProgram, .reference = parameters.reference, .caller = request.caller(),
                               .changes = std::move(*changes)};
    auto shared = std::make_shared<Request<protocol::CommitContainer>>(std::move(request));
    runImport(std::move(source->directory), std::move(options),
              {.progress = [shared](const protocol::ImportProgress& progress) { shared->progress({progress, {}}); },
               .done =
                   [this, shared, name = source->name](const Result<std::vector<std::string>>& ids) {
                       auto images = stored(ids);
                       images ? shared->reply({{}, std::move(*images)}) : shared->fail(std::move(images).error().in("commit '" + name + "'"));
                   },
               .onGone = [shared](std::function<void()> gone) { shared->onGone(std::move(gone)); },
               .place = std::move(place)});
}

template<protocol::Method M, typename MakeReply>
void ImageService::handOutOf(Request<M> request, ContainerChanges source, const std::string& mode, json::Value parameters, MakeReply reply)
{
    auto spool = m_store.spoolFile();
    if (!spool)
        return request.fail(spool.error());
    struct Call {
        Request<M> request;
        ContainerChanges source;
        UniqueFd written;
        std::list<WorkerCall>::iterator worker;
        bool over = false;
    };
    const auto call = std::make_shared<Call>(std::move(request), std::move(source), std::move(*spool), m_surveys.emplace(m_surveys.end(), m_loop));
    const auto drop = [this, call] {
        if (!std::exchange(call->over, true))
            m_loop.post([this, call] { m_surveys.erase(call->worker); });
    };
    call->request.onGone(drop);
    const image::WorkerProcess::Launch launch{.program = m_workerProgram, .mode = mode, .request = std::move(parameters),
                                              .input = call->source.directory, .output = call->written};
    const auto begun = call->worker->start(launch, {}, [this, call, drop, reply](const Result<json::Value>& outcome) {
        if (call->over)
            return;
        call->source.paused.reset(); // the client takes it at its own pace
        outcome ? handOut(m_jobs, std::move(call->request), std::move(call->written), reply) : call->request.fail(outcome.error());
        drop();
    });
    if (!begun) {
        call->request.fail(begun.error());
        drop();
    }
}

void ImageService::handle(Request<protocol::ChangesIndex> request)
{
    auto source = m_changesOf(request.caller(), request.parameters().container, false);
    if (!source)
        return request.fail(source.error());
    const std::string image = source->imageId;
    handOutOf(std::move(request), std::move(*source), "survey", json::write(image::SurveyRequest{}),
              [image](std::int64_t size) { return protocol::ChangesIndex::Reply{image, size}; });
}

void ImageService::handle(Request<protocol::ExportContainer> request)
{
    constexpr std::int64_t contentLimit = 1LL << 40;
    auto source = m_changesOf(request.caller(), request.parameters().container, request.parameters().pause);
    auto image = source ? m_store.resolve(source->imageId) : Result<image::ResolvedImage>(fail(source.error()));
    if (!image)
        return request.fail(std::move(image).error().in("export '" + request.parameters().container + "'"));
    image::ExportRequest asked{.contentLimit = contentLimit};
    for (const auto& layer : image->layers)
        asked.layers.push_back(layer.directory);
    handOutOf(std::move(request), std::move(*source), "export", json::write(asked),
              [](std::int64_t size) { return protocol::FileSize{size}; });
}

} // namespace rocker
