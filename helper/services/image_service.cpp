#include "helper/services/image_service.h"

#include "engine/image/usage.h"
#include "engine/os/file.h"
#include "helper/event/log.h"
#include "helper/services/caller_file.h"
#include "helper/services/configuration_edits.h"
#include "helper/services/in_turn.h"

#include <algorithm>
#include <sys/stat.h>
#include <thread>

namespace rocker {

namespace {

constexpr std::size_t editsLimit = 96 * 1024; // a worker is given them as one word of its command line (MAX_ARG_STRLEN)

// Twice as many as there are processors, up to eight, so that one of very many files is begun early; each takes some megabytes.
std::size_t layersAtOnce()
{
    return std::clamp<std::size_t>(2UL * std::thread::hardware_concurrency(), 2, 8);
}

} // namespace

protocol::Image ImageService::rowOf(const image::StoredImage& image)
{
    std::int64_t size = 0;
    for (const image::StoredLayer& layer : image.layers)
        size += layer.size;
    return {image.id, image.references, size, image.record.created, image.record.architecture, std::int64_t(image.layers.size())};
}

ImageService::ImageService(EventLoop& loop, image::ImageStore store, std::string workerProgram, EventHub& events)
    : m_loop(loop), m_store(std::move(store)), m_workerProgram(std::move(workerProgram)), m_events(events), m_jobs(loop), m_workers(loop, layersAtOnce())
{
    emptyTrash();
}

void ImageService::emptyTrash()
{
    if (m_emptying || !m_store.hasTrash())
        return;
    m_emptying = true;
    const int trash = m_store.trash().value();
    m_jobs.run(
        [trash]() -> Result<> {
            for (const std::string& name : TRY(os::listDirectory(BorrowedFd(trash), ".")))
                TRY(os::removeTree(BorrowedFd(trash), name));
            return {};
        },
        [this](const Result<>& emptied) {
            m_emptying = false;
            if (emptied)
                return emptyTrash(); // of what has come into it since
            log::warning("empty the image store's trash: {}", emptied.error().what);
        },
        {trash});
}

void ImageService::collect()
{
    if (auto collected = m_store.collectGarbage(); !collected)
        log::warning("collect what no image needs: {}", collected.error().what);
    emptyTrash();
}

std::vector<protocol::Image> ImageService::all()
{
    std::vector<protocol::Image> rows;
    const auto images = m_store.images();
    if (!images)
        log::error("list the images: {}", images.error().what);
    else
        for (const image::StoredImage& image : *images)
            rows.push_back(rowOf(image));
    return rows;
}

void ImageService::handle(Request<protocol::ListImages> request)
{
    const auto images = m_store.images();
    images ? request.reply({all()}) : request.fail(images.error());
}

void ImageService::handle(Request<protocol::InspectImage> request)
{
    const auto image = m_store.find(request.parameters().image);
    if (!image)
        return request.fail(image.error());
    protocol::ImageDetails details{.entrypoint = image->record.entrypoint,
                                   .command = image->record.command,
                                   .environment = image->record.environment,
                                   .workingDirectory = image->record.workingDirectory,
                                   .user = image->record.user,
                                   .stopSignal = image->record.stopSignal,
                                   .exposedPorts = image->record.exposedPorts,
                                   .volumes = image->record.volumes,
                                   .labels = image->record.labels,
                                   .manifestDigest = image->manifestDigest};
    const auto images = m_store.images();
    if (!images)
        return request.fail(images.error());
    const image::Footprint footprint = image::Usage(*images).of(*image);
    details.owner = image->owner;
    details.ownSize = footprint.own;
    details.sharedSize = footprint.shared;
    for (User& user : m_usersOf ? m_usersOf(image->id) : std::vector<User>())
        if (request.caller().mayUse(user.owner))
            details.usedBy.push_back(std::move(user.name));
    for (const image::StoredLayer& layer : image->layers)
        details.layers.push_back({layer.diffId, layer.chainId, layer.size, layer.files, layer.createdBy, layer.blobDigest,
                                  layer.blobSize, layer.mediaType});
    for (const image::HistoryEntry& step : image->record.history)
        details.history.push_back({step.created, step.createdBy, step.comment, step.emptyLayer});
    request.reply({rowOf(*image), std::move(details)});
}

void ImageService::handle(Request<protocol::ImportImage> request)
{
    inTurn(std::move(request), &ImageService::beginImport);
}

void ImageService::beginImport(Request<protocol::ImportImage> request, Slots::Slot place)
{
    const std::string path = request.parameters().path;
    auto archive = openAsCaller(request.caller(), path, O_RDONLY | O_NONBLOCK);
    const auto status = archive ? os::status(*archive) : Result<struct stat>(fail(archive.error()));
    if (!archive)
        return request.fail(std::move(archive).error().in("open '" + path + "'"));
    if (!status || !(S_ISREG(status->st_mode) || S_ISDIR(status->st_mode)))
        return request.fail({ErrorCode::InvalidArgument, 0, "'" + path + "' is neither a file nor a directory: give a docker-archive, an OCI layout or the tar of a root file system"});
    auto edits = checkedEdits(editsOf(request.parameters()));
    if (!edits)
        return request.fail(edits.error());
    if (json::dump(json::write(*edits)).size() > editsLimit)
        return request.fail({ErrorCode::InvalidArgument, 0, "this is more than a configuration can say"});
    ImportJob::Options options{.workerProgram = m_workerProgram, .path = path, .reference = request.parameters().reference,
                               .caller = request.caller()};
    if (*edits != image::ConfigurationEdits())
        options.edits = std::move(*edits);
    auto shared = std::make_shared<Request<protocol::ImportImage>>(std::move(request));
    runImport(std::move(*archive), std::move(options),
              {.progress = [shared](const protocol::ImportProgress& progress) { shared->progress({progress, {}}); },
               .done =
                   [this, shared, path](const Result<std::vector<std::string>>& ids) {
                       auto images = stored(ids);
                       images ? shared->reply({{}, std::move(*images)}) : shared->fail(std::move(images).error().in("import '" + path + "'"));
                   },
               .onGone = [shared](std::function<void()> gone) { shared->onGone(std::move(gone)); },
               .place = std::move(place)});
}

void ImageService::runImport(UniqueFd source, ImportJob::Options options, ImportCall call)
{
    const auto job = m_imports.emplace(m_imports.end(), means(), std::move(source), std::move(options),
                                       std::move(call.progress), [](const Result<std::vector<std::string>>&) {});
    // Dropped at the loop's next turn: the job is still on the stack of its own callbacks.
    const auto over = std::make_shared<bool>(false);
    const auto place = std::make_shared<Slots::Slot>(std::move(call.place));
    const auto drop = [this, job, over, place] {
        if (!std::exchange(*over, true))
            m_loop.post([this, job, place] {
                m_imports.erase(job);
                *place = {};
                collect(); // one that failed half-way has published its lower layers
            });
    };
    job->setDone([over, drop, done = std::move(call.done)](const Result<std::vector<std::string>>& ids) {
        if (*over)
            return;
        done(ids);
        drop();
    });
    call.onGone(drop);
    job->start();
}

Result<std::vector<protocol::Image>> ImageService::stored(const Result<std::vector<std::string>>& ids)
{
    if (!ids)
        return fail(ids.error());
    std::vector<protocol::Image> images;
    for (const std::string& id : *ids)
        if (const auto image = m_store.find(id))
            images.push_back(rowOf(*image));
    for (const protocol::Image& image : images)
        m_events.imageChanged(image);
    return images;
}

Result<> ImageService::remove(const Caller& caller, const std::string& text)
{
    const image::StoredImage image = TRY(m_store.find(text));
    if (!caller.mayUse(image.owner))
        return fail(ErrorCode::PermissionDenied, "the image '{}' was imported by another user", text);
    const auto byName = TRY(m_store.resolve(text));
    if (image.references.size() > 1 && byName.reference != image.id) {
        TRY(m_store.removeReference(byName.reference));
        if (const auto left = m_store.find(image.id))
            m_events.imageChanged(rowOf(*left));
        return {};
    }
    if (const std::string use = inUse(caller, image.id); !use.empty())
        return fail(ErrorCode::FailedPrecondition, "the image '{}' is {}", text, use);
    TRY(m_store.removeImage(image.id));
    m_events.imageRemoved(image.id);
    TRY(m_store.collectGarbage());
    emptyTrash();
    return {};
}

void ImageService::handle(Request<protocol::RemoveImage> request)
{
    const auto removed = remove(request.caller(), request.parameters().image);
    removed ? request.reply({}) : request.fail(removed.error());
}

} // namespace rocker
