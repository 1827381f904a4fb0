#include "helper/services/image_archive.h"

#include "engine/base/frame.h"
#include "engine/archive/tar_writer.h"
#include "engine/image/digest.h"
#include "engine/image/reference.h"
#include "engine/image/worker_messages.h"
#include "helper/services/outgoing.h"

#include <algorithm>
#include <map>

namespace rocker {

namespace {

constexpr const char* indexType = "application/vnd.oci.image.index.v1+json";
constexpr const char* configurationType = "application/vnd.oci.image.config.v1+json";
constexpr std::size_t endSize = 1024; // two blocks of zeros

std::string blobName(const std::string& digest)
{
    return std::format("blobs/sha256/{}", image::hexOf(digest));
}

json::Value descriptor(const std::string& mediaType, const std::string& digest, std::int64_t size)
{
    return {{"mediaType", mediaType}, {"digest", digest}, {"size", size}};
}

// "starter:latest" is docker.io/library/starter:latest to others.
std::string wholeName(const std::string& reference)
{
    const image::RepositoryPlace place = image::placeOf(reference);
    return place.registry + "/" + place.repository + reference.substr(reference.rfind(':'));
}

class Archive
{
public:
    Result<> add(const SavedImage& saved)
    {
        const image::StoredImage& image = saved.image;
        TRY(checkBlobsKept(image));
        json::Value layers = json::Value::array();
        for (const image::StoredLayer& layer : image.layers) {
            addBlob(layer.blobDigest, layer.blobSize);
            layers.push_back(blobName(layer.blobDigest));
        }
        addBlob(image.id, saved.configurationSize);
        json::Value manifest;
        if (image.manifestDigest.empty() || image.manifestType.empty()) {
            const std::string document = manifestFor(saved);
            const std::string digest = image::digestOf(document);
            addDocument(blobName(digest), document);
            manifest = descriptor(ownManifestType, digest, std::int64_t(document.size()));
        } else {
            addBlob(image.manifestDigest, saved.manifestSize);
            manifest = descriptor(image.manifestType, image.manifestDigest, saved.manifestSize);
        }
        json::Value tags = json::Value::array();
        for (const std::string& reference : saved.references) {
            manifest["annotations"] = {{"io.containerd.image.name", wholeName(reference)},
                                       {"org.opencontainers.image.ref.name", reference.substr(reference.rfind(':') + 1)}};
            m_index.push_back(manifest);
            tags.push_back(reference);
        }
        if (saved.references.empty())
            m_index.push_back(std::move(manifest));
        m_images.push_back({{"Config", blobName(image.id)},
                            {"RepoTags", std::move(tags)},
                            {"Layers", std::move(layers)}});
        return {};
    }

    std::vector<ArchiveMember> finish()
    {
        addDocument("index.json", json::dump({{"schemaVersion", 2},
                                              {"mediaType", indexType},
                                              {"manifests", std::move(m_index)}}));
        addDocument("manifest.json", json::dump(m_images));
        addDocument("oci-layout", json::dump({{"imageLayoutVersion", "1.0.0"}}));
        std::vector<ArchiveMember> members;
        for (auto& [name, member] : m_members)
            members.push_back(std::move(member));
        return members;
    }

private:
    void addBlob(const std::string& digest, std::int64_t size)
    {
        m_members.insert_or_assign(blobName(digest), ArchiveMember{blobName(digest), {}, digest, std::uint64_t(size)});
    }
    void addDocument(const std::string& name, std::string document)
    {
        const std::uint64_t size = document.size();
        m_members.insert_or_assign(name, ArchiveMember{name, std::move(document), {}, size});
    }

    std::map<std::string, ArchiveMember> m_members;
    json::Value m_index = json::Value::array();
    json::Value m_images = json::Value::array();
};

// In frames that the wire can carry.
Result<> sendOutput(BorrowedFd socket, std::string_view bytes)
{
    for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), framePayloadLimit)))
        TRY(sendAll(socket, frame(FrameType::Output, bytes.substr(0, framePayloadLimit))));
    return {};
}

} // namespace

std::string manifestFor(const SavedImage& saved)
{
    json::Value layers = json::Value::array();
    for (const image::StoredLayer& layer : saved.image.layers)
        layers.push_back(descriptor(layer.mediaType, layer.blobDigest, layer.blobSize));
    return json::dump({{"schemaVersion", 2},
                       {"mediaType", ownManifestType},
                       {"config", descriptor(configurationType, saved.image.id, saved.configurationSize)},
                       {"layers", std::move(layers)}});
}

Result<> checkBlobsKept(const image::StoredImage& image)
{
    for (const image::StoredLayer& layer : image.layers)
        if (layer.blobDigest.empty())
            return fail(ErrorCode::FailedPrecondition,
                        "the image {} was imported by an older version, which did not keep its layers as they came:"
                        " import the image again",
                        image.id);
    return {};
}

Result<std::vector<ArchiveMember>> archiveOf(const std::vector<SavedImage>& images)
{
    Archive archive;
    for (const SavedImage& saved : images)
        TRY(archive.add(saved));
    return archive.finish();
}

std::uint64_t archiveSize(const std::vector<ArchiveMember>& members)
{
    std::uint64_t size = endSize;
    for (const ArchiveMember& member : members)
        size += 512 + member.size + archive::paddingOf(member.size);
    return size;
}

Result<> sendArchive(BorrowedFd socket, const image::ImageStore& store, const std::vector<ArchiveMember>& members)
{
    for (const ArchiveMember& member : members) {
        const auto header = archive::fileHeader(member.name, member.size);
        TRY(sendOutput(socket, {header.data(), header.size()}));
        if (member.blob.empty())
            TRY(sendOutput(socket, member.document));
        else
            TRY(sendFile(socket, TRY(store.openBlob(member.blob)), member.size), "blob {}", member.blob);
        TRY(sendOutput(socket, std::string(archive::paddingOf(member.size), '\0')));
    }
    return sendOutput(socket, std::string(endSize, '\0'));
}

} // namespace rocker
