#include "helper/services/image_service.h"

#include "engine/os/file.h"
#include "helper/services/hand_out.h"
#include "helper/services/image_archive.h"
#include "helper/services/pinned_blobs.h"

#include <algorithm>

// The verbs that hand out what is in the store, as a stream of frames: LayerIndex, ReadFile and Save. Who may list an
// image may read it.
namespace rocker {

namespace {

protocol::FileSize sizeOnly(std::int64_t size)
{
    return {size};
}

Result<std::int64_t> blobSize(const image::ImageStore& store, const std::string& digest)
{
    return TRY(os::status(TRY(store.openBlob(digest)))).st_size;
}

// Each image once, however often it is named.
Result<std::vector<SavedImage>> imagesToSave(image::ImageStore& store, const std::vector<std::string>& names)
{
    std::vector<SavedImage> images;
    for (const std::string& name : names) {
        image::StoredImage found = TRY(store.find(name));
        const std::string reference = TRY(store.resolve(name)).reference;
        auto same = std::ranges::find(images, found.id, [](const SavedImage& saved) { return saved.image.id; });
        if (same == images.end()) {
            SavedImage saved{.configurationSize = TRY(blobSize(store, found.id))};
            if (!found.manifestDigest.empty())
                saved.manifestSize = TRY(blobSize(store, found.manifestDigest));
            saved.image = std::move(found);
            same = images.insert(images.end(), std::move(saved));
        }
        if (reference != same->image.id && !std::ranges::contains(same->references, reference))
            same->references.push_back(reference);
    }
    return images;
}

} // namespace

Result<image::StoredLayer> ImageService::layerOf(const std::string& image, std::int64_t number)
{
    image::StoredImage found = TRY(m_store.find(image));
    if (number < 0 || std::size_t(number) >= found.layers.size())
        return fail(ErrorCode::InvalidArgument, "the image '{}' has {} layers, counted from 0: there is no layer {}", image,
                    found.layers.size(), number);
    return std::move(found.layers[std::size_t(number)]);
}

void ImageService::handle(Request<protocol::LayerIndex> request)
{
    const auto& [image, number] = request.parameters();
    const auto open = [&]() -> Result<UniqueFd> { return m_store.openIndex(TRY(layerOf(image, number))); };
    auto opened = open();
    handOut(m_jobs, std::move(request), std::move(opened), sizeOnly);
}

void ImageService::handle(Request<protocol::ReadFile> request)
{
    const auto& [image, number, path, container] = request.parameters();
    const auto open = [&]() -> Result<UniqueFd> {
        if (!container.empty()) {
            const ContainerChanges source = TRY(m_changesOf(request.caller(), container, false));
            return TRY(image::openRegularFile(source.directory, path), "read '{}' in the changes of '{}'", path, source.name);
        }
        return TRY(m_store.openFile(TRY(layerOf(image, number)), path), "read '{}' in layer {} of '{}'", path, number,
                   image);
    };
    auto opened = open();
    handOut(m_jobs, std::move(request), std::move(opened), sizeOnly);
}

// The files are opened one by one when their turn comes: a caller must not be able to use up the descriptors.
void ImageService::handle(Request<protocol::ReadFiles> request)
{
    const auto& [name, places] = request.parameters();
    if (places.size() > protocol::ReadFiles::filesLimit)
        return request.fail({ErrorCode::InvalidArgument, 0, std::format("files: at most {}", protocol::ReadFiles::filesLimit)});
    auto found = m_store.find(name);
    if (!found)
        return request.fail(found.error());
    struct File {
        image::StoredLayer layer;
        std::string path;
    };
    protocol::ReadFiles::Reply reply;
    const auto files = std::make_shared<std::vector<File>>();
    const auto pinned = std::make_shared<PinnedBlobs>(m_store);
    std::int64_t total = 0;
    for (const protocol::FilePlace& place : places) {
        if (place.layer < 0 || std::size_t(place.layer) >= found->layers.size())
            return request.fail({ErrorCode::InvalidArgument, 0, std::format("the image '{}' has no layer {}", name, place.layer)});
        const image::StoredLayer& layer = found->layers[std::size_t(place.layer)];
        const auto opened = m_store.openFile(layer, place.path);
        const auto status = opened ? os::status(*opened) : Result<struct stat>(fail(opened.error()));
        reply.sizes.push_back(status ? std::int64_t(status->st_size) : -1);
        if (!status)
            continue;
        total += status->st_size;
        files->push_back({layer, place.path});
        pinned->add(layer.chainId);
    }
    request.upgrade(reply, [=, this, sizes = reply.sizes](UniqueFd socket, const std::string&) mutable {
        std::erase(sizes, -1);
        const auto client = std::make_shared<UniqueFd>(std::move(socket));
        const auto sendEach = [=, this]() -> Result<> {
            for (std::size_t i = 0; i < files->size(); ++i)
                TRY(sendFile(*client, TRY(m_store.openFile((*files)[i].layer, (*files)[i].path)), std::uint64_t(sizes[i])));
            return {};
        };
        m_jobs.run([=] { return sendToItsEnd(*client, sendEach); }, [pinned](const Result<>&) {}, {client->value()});
    });
}

void ImageService::handle(Request<protocol::SaveImages> request)
{
    const std::vector<std::string>& names = request.parameters().images;
    if (names.empty() || names.size() > image::imagesLimit)
        return request.fail({ErrorCode::InvalidArgument, 0,
                             std::format("images: name 1 to {} of them", image::imagesLimit)});
    const auto plan = [&]() -> Result<std::vector<ArchiveMember>> {
        return archiveOf(TRY(imagesToSave(m_store, names)));
    };
    auto planned = plan();
    if (!planned)
        return request.fail(planned.error());
    const auto members = std::make_shared<const std::vector<ArchiveMember>>(std::move(*planned));
    const auto pinned = std::make_shared<PinnedBlobs>(m_store);
    for (const ArchiveMember& member : *members)
        if (!member.blob.empty())
            pinned->add(member.blob);
    request.upgrade({std::int64_t(archiveSize(*members))}, [this, members, pinned](UniqueFd socket, const std::string&) {
        const auto client = std::make_shared<UniqueFd>(std::move(socket));
        m_jobs.run([=, this] { return sendToItsEnd(*client, [&] { return sendArchive(*client, m_store, *members); }); },
                   [pinned](const Result<>&) {}, {client->value(), m_store.blobs().value()});
    });
}

} // namespace rocker
