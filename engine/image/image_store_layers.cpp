#include "engine/image/image_store.h"

#include "engine/image/digest.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <fcntl.h>
#include <set>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

// The store's layers on disk: staged, published, collected.
namespace rocker::image {

namespace {

// In every directory under overlay2 that is a layer of ours: containers' workspaces stand beside them.
constexpr const char* layerMark = "layer";
// In the staging directory beside a layer's diff.
constexpr const char* indexName = "index";
constexpr off_t indexLimit = 4LL << 30; // twice what the format can hold

std::string randomName()
{
    std::uint64_t bytes[2]{};
    while (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) { }
    return std::format("{:016x}{:016x}", bytes[0], bytes[1]);
}

Result<UniqueFd> makeDirectory(BorrowedFd parent, const std::string& name, mode_t mode)
{
    TRY(os::checkDone(::mkdirat(parent.value(), name.c_str(), mode)), "make the directory '{}'", name);
    return TRY(os::open(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), "open the directory '{}'", name);
}

} // namespace

Result<bool> ImageStore::hasLayer(const std::string& chainId)
{
    bool known = false;
    TRY(m_database.query("SELECT 1 FROM layers WHERE chain = ?", {chainId}, [&](const auto&) { known = true; }));
    return known && os::exists(m_layers, std::string(hexOf(chainId)) + "/diff");
}

Result<bool> ImageStore::offersLayer(const std::string& diffId, const std::string& blob, std::int64_t blobSize)
{
    bool offered = false;
    TRY(m_database.query("SELECT 1 FROM image_layers JOIN layers ON layers.chain = image_layers.chain"
                         " WHERE diff = ? AND blob = ? AND blob_size = ? LIMIT 1",
                         {diffId, blob, blobSize}, [&](const auto&) { offered = true; }));
    return offered && hasBlob(blob);
}

Result<bool> ImageStore::offersBlob(const std::string& blob)
{
    bool offered = false;
    TRY(m_database.query("SELECT 1 FROM image_layers WHERE blob = ? LIMIT 1", {blob}, [&](const auto&) { offered = true; }));
    return offered && hasBlob(blob);
}

Result<StagedLayer> ImageStore::stageLayer()
{
    StagedLayer staged{randomName(), {}, {}};
    const UniqueFd directory = TRY(makeDirectory(m_staging, staged.name, 0700));
    staged.directory = TRY(makeDirectory(directory, "diff", 0755));
    TRY(os::open(directory, layerMark, O_WRONLY | O_CREAT | O_EXCL, 0600), "mark a layer");
    staged.index = TRY(os::open(directory, indexName, O_RDWR | O_CREAT | O_EXCL, 0600), "make a layer's index");
    return staged;
}

void ImageStore::discard(const StagedLayer& staged)
{
    // A failure leaves it in the staging directory, which the next open() empties.
    (void)moveToTrash(m_staging, staged.name);
}

Result<> ImageStore::settleLayers(const std::vector<UnpackedLayer>& layers)
{
    std::map<std::string, struct stat> roots;
    for (const UnpackedLayer& unpacked : layers) {
        const UniqueFd root = TRY(os::open(m_staging, unpacked.staged.name + "/diff", O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
        if (!unpacked.ownRoot && !unpacked.below.empty()) {
            const auto settled = roots.find(unpacked.below);
            const struct stat below = settled != roots.end()
                ? settled->second
                : TRY(os::status(os::currentDirectory, layerDirectory(unpacked.below)), "the root of the layer below");
            TRY(os::checkDone(::fchown(root.value(), below.st_uid, below.st_gid)), "take over the root of the layer below");
            TRY(os::checkDone(::fchmod(root.value(), below.st_mode & 07777)), "take over the root of the layer below");
        }
        roots[unpacked.layer.chainId] = TRY(os::status(root));
    }
    return {};
}

Result<> ImageStore::publishLayers(std::vector<UnpackedLayer>& layers)
{
    // Indexes before their layers, so that none is there without its own.
    for (const UnpackedLayer& unpacked : layers)
        TRY(publishIndex(unpacked.staged, unpacked.layer.diffId));
    TRY(os::checkDone(::fsync(m_indexes.value())), "write the indexes to disk");
    TRY(os::checkDone(::fsync(m_blobs.value())), "write the blobs to disk");
    for (const UnpackedLayer& unpacked : layers)
        TRY(publishLayer(unpacked));
    TRY(os::checkDone(::fsync(m_layers.value())), "write the layers' directory to disk");
    TRY(m_database.transaction([&]() -> Result<> {
        for (const auto& [staged, layer, below, ownRoot] : layers)
            TRY(m_database.execute("INSERT INTO layers (chain, diff, size, files, opaque_root) VALUES (?, ?, ?, ?, ?)"
                                   " ON CONFLICT (chain) DO NOTHING",
                                   {layer.chainId, layer.diffId, layer.size, layer.files, std::int64_t(layer.opaqueRoot)}));
        return {};
    }));
    layers.clear();
    return {};
}

Result<> ImageStore::publishLayer(const UnpackedLayer& unpacked)
{
    const std::string name(hexOf(unpacked.layer.chainId));
    if (TRY(hasLayer(unpacked.layer.chainId))) { // another import was faster, or only the index was missing; the same bytes
        discard(unpacked.staged);
        return {};
    }
    if (os::exists(m_layers, name))
        TRY(moveToTrash(m_layers, name));
    return TRY(os::checkDone(::renameat2(m_staging.value(), unpacked.staged.name.c_str(), m_layers.value(), name.c_str(), RENAME_NOREPLACE)),
               "publish layer {}", name), Result<>{};
}

Result<> ImageStore::publishIndex(const StagedLayer& staged, const std::string& diffId)
{
    const std::string from = staged.name + "/" + indexName;
    const auto status = os::status(m_staging, from);
    if (!status || status->st_size == 0 || status->st_size > indexLimit)
        return fail(ErrorCode::Internal, "the layer {} came without a usable index", diffId);
    return TRY(os::rename(m_staging, from, m_indexes, std::string(hexOf(diffId))), "keep the index of layer {}", diffId), Result<>{};
}

Result<> ImageStore::trashOrphanLayers()
{
    std::vector<std::string> unused;
    TRY(m_database.query("SELECT chain FROM layers WHERE chain NOT IN (SELECT chain FROM image_layers)", {},
                         [&](const auto& row) { unused.push_back(row.text(0)); }));
    for (const std::string& chain : unused)
        if (!m_pins.contains(chain))
            TRY(m_database.execute("DELETE FROM layers WHERE chain = ?", {chain}));
    std::set<std::string> kept;
    TRY(m_database.query("SELECT chain FROM layers", {}, [&](const auto& row) { kept.emplace(hexOf(row.text(0))); }));
    for (const std::string& name : TRY(os::listDirectory(m_layers, ".")))
        if (!kept.contains(name) && os::exists(m_layers, name + "/" + layerMark))
            TRY(moveToTrash(m_layers, name));
    return {};
}

} // namespace rocker::image
