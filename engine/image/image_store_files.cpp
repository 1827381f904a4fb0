#include "engine/image/image_store.h"

#include "engine/base/scope_exit.h"
#include "engine/image/digest.h"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>

// The store's half on disk: directories, documents, what a crash leaves.
namespace rocker::image {

namespace {

constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS images (
    id TEXT PRIMARY KEY, created TEXT NOT NULL, record TEXT NOT NULL, owner INTEGER NOT NULL, manifest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS layers (
    chain TEXT PRIMARY KEY, diff TEXT NOT NULL, size INTEGER NOT NULL, files INTEGER NOT NULL, opaque_root INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS image_layers (
    image TEXT NOT NULL REFERENCES images ON DELETE CASCADE, position INTEGER NOT NULL,
    chain TEXT NOT NULL REFERENCES layers, created_by TEXT NOT NULL, PRIMARY KEY (image, position));
CREATE TABLE IF NOT EXISTS image_references (
    name TEXT PRIMARY KEY, image TEXT NOT NULL REFERENCES images ON DELETE CASCADE);
CREATE INDEX IF NOT EXISTS layers_of ON image_layers (chain);
CREATE INDEX IF NOT EXISTS references_of ON image_references (image);
)";

constexpr std::int64_t schemaVersion = 2;
// Version 1 knows of every layer how it came.
constexpr const char* toVersion1 = R"(
ALTER TABLE images ADD COLUMN manifest_type TEXT NOT NULL DEFAULT '';
ALTER TABLE image_layers ADD COLUMN blob TEXT NOT NULL DEFAULT '';
ALTER TABLE image_layers ADD COLUMN blob_size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE image_layers ADD COLUMN media_type TEXT NOT NULL DEFAULT '';
PRAGMA user_version = 1;
)";
// Version 2 knows under which digests a registry has an image: of an index no other trace is left.
constexpr const char* toVersion2 = R"(
CREATE TABLE image_digests (
    name TEXT NOT NULL, digest TEXT NOT NULL, image TEXT NOT NULL REFERENCES images ON DELETE CASCADE,
    PRIMARY KEY (name, digest));
CREATE INDEX digests_of ON image_digests (image);
PRAGMA user_version = 2;
)";

Error systemError(const std::string& what)
{
    return Error::fromErrno(errno).in(what);
}

Result<UniqueFd> makeDirectory(BorrowedFd parent, const char* name, mode_t mode)
{
    if (mkdirat(parent.value(), name, mode) != 0 && errno != EEXIST)
        return fail(systemError(std::format("make the directory '{}'", name)));
    const int fd = openat(parent.value(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail(systemError(std::format("open the directory '{}'", name)));
    return UniqueFd(fd);
}

Result<std::vector<std::string>> namesIn(BorrowedFd directory)
{
    const int copy = openat(directory.value(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* stream = copy < 0 ? nullptr : fdopendir(copy);
    if (!stream)
        return fail(systemError("list a directory"));
    const ScopeExit close([&] { closedir(stream); });
    std::vector<std::string> names;
    while (const dirent* entry = readdir(stream))
        if (const std::string_view name = entry->d_name; name != "." && name != "..")
            names.emplace_back(name);
    return names;
}

std::string randomName()
{
    std::uint64_t bytes[2]{};
    while (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) { }
    return std::format("{:016x}{:016x}", bytes[0], bytes[1]);
}

Result<> writeFully(BorrowedFd fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd.value(), bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR)
            return fail(systemError("write"));
        bytes.remove_prefix(std::max<ssize_t>(count, 0));
    }
    return {};
}

bool exists(BorrowedFd directory, const std::string& name)
{
    return faccessat(directory.value(), name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

} // namespace

Result<ImageStore> ImageStore::open(const std::string& stateDirectory)
{
    std::error_code error;
    std::filesystem::create_directories(stateDirectory + "/image", error);
    if (error)
        return fail(Error::fromErrno(error.value()).in(std::format("make '{}/image'", stateDirectory)));
    Database database = TRY(Database::open(stateDirectory + "/image/images.db"));
    ImageStore store(stateDirectory, std::move(database));
    TRY(store.migrate(), "image store '{}'", stateDirectory);
    TRY(store.openDirectories(), "image store '{}'", stateDirectory);
    TRY(store.reconcile(), "image store '{}'", stateDirectory);
    return store;
}

Result<> ImageStore::migrate()
{
    std::int64_t version = 0;
    TRY(m_database.query("PRAGMA user_version", {}, [&](const auto& row) { version = row.number(0); }));
    if (version > schemaVersion)
        return fail(ErrorCode::FailedPrecondition, "its database is of a newer version ({}): update this program", version);
    if (version == schemaVersion)
        return {};
    return m_database.transaction([&]() -> Result<> {
        if (version < 1) {
            TRY(m_database.executeScript(schema));
            TRY(m_database.executeScript(toVersion1));
        }
        return m_database.executeScript(toVersion2);
    });
}

Result<> ImageStore::openDirectories()
{
    const UniqueFd state(::open(m_state.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!state.valid())
        return fail(systemError("open"));
    const UniqueFd image = TRY(makeDirectory(state, "image", 0700));
    if (fchmod(image.value(), 0700) != 0) // what strangers packed, set-user-ID programs too, is for root's eyes
        return fail(systemError("set the mode of 'image'"));
    m_staging = TRY(makeDirectory(image, "staging", 0700));
    m_trash = TRY(makeDirectory(image, "trash", 0700));
    const UniqueFd blobs = TRY(makeDirectory(image, "blobs", 0700));
    m_blobs = TRY(makeDirectory(blobs, "sha256", 0700));
    m_indexes = TRY(makeDirectory(image, "indexes", 0700));
    m_layers = TRY(makeDirectory(state, "overlay2", 0700));
    return {};
}

Result<> ImageStore::reconcile()
{
    for (const std::string& name : TRY(namesIn(m_staging)))
        TRY(moveToTrash(m_staging, name));
    return collectGarbage();
}

Result<> ImageStore::moveToTrash(BorrowedFd directory, const std::string& name)
{
    if (renameat(directory.value(), name.c_str(), m_trash.value(), randomName().c_str()) != 0 && errno != ENOENT)
        return fail(systemError(std::format("move '{}' to the trash", name)));
    return {};
}

bool ImageStore::hasTrash() const
{
    const auto names = namesIn(m_trash);
    return names && !names->empty();
}

std::string ImageStore::layerDirectory(const std::string& chainId) const
{
    return std::format("{}/overlay2/{}/diff", m_state, hexOf(chainId));
}

void ImageStore::unpin(const std::string& digest)
{
    if (const auto pin = m_pins.find(digest); pin != m_pins.end() && --pin->second == 0)
        m_pins.erase(pin);
}

Result<> ImageStore::writeBlob(const std::string& digest, const std::string& bytes)
{
    const std::string name(hexOf(digest));
    if (exists(m_blobs, name))
        return {};
    const std::string temporary = "." + randomName();
    const UniqueFd file(openat(m_blobs.value(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.valid())
        return fail(systemError("make a document"));
    ScopeExit remove([&] { unlinkat(m_blobs.value(), temporary.c_str(), 0); });
    TRY(writeFully(file, bytes), "document {}", digest);
    if (fsync(file.value()) != 0 || renameat(m_blobs.value(), temporary.c_str(), m_blobs.value(), name.c_str()) != 0
        || fsync(m_blobs.value()) != 0)
        return fail(systemError(std::format("document {}", digest)));
    remove.dismiss();
    return {};
}

Result<UniqueFd> ImageStore::spoolFile()
{
    UniqueFd file(openat(m_staging.value(), ".", O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600));
    if (!file.valid())
        return fail(systemError("make a spool file"));
    return file;
}

Result<> ImageStore::collectGarbage()
{
    TRY(trashOrphanLayers());
    TRY(removeOrphanIndexes());
    return trashOrphanBlobs();
}

Result<> ImageStore::removeOrphanIndexes()
{
    std::set<std::string> kept;
    TRY(m_database.query("SELECT diff FROM layers", {}, [&](const auto& row) { kept.emplace(hexOf(row.text(0))); }));
    for (const std::string& name : TRY(namesIn(m_indexes)))
        if (!kept.contains(name) && unlinkat(m_indexes.value(), name.c_str(), 0) != 0 && errno != ENOENT)
            return fail(systemError(std::format("remove the index {}", name)));
    return {};
}

Result<> ImageStore::trashOrphanBlobs()
{
    std::set<std::string> kept;
    TRY(m_database.query("SELECT id FROM images UNION SELECT manifest FROM images WHERE manifest != ''"
                         " UNION SELECT blob FROM image_layers WHERE blob != ''",
                         {}, [&](const auto& row) { kept.emplace(hexOf(row.text(0))); }));
    for (const std::string& name : TRY(namesIn(m_blobs)))
        if (!kept.contains(name) && !m_pins.contains("sha256:" + name))
            TRY(moveToTrash(m_blobs, name));
    return {};
}

} // namespace rocker::image
