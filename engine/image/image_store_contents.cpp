#include "engine/image/image_store.h"

#include "engine/image/digest.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <linux/openat2.h>
#include <unistd.h>

// The store's half that is read: indexes, files of layers, blobs.
namespace rocker::image {

namespace {

constexpr std::size_t pathLimit = 4096; // PATH_MAX

} // namespace

bool ImageStore::hasIndex(const std::string& diffId) const
{
    return os::exists(m_indexes, std::string(hexOf(diffId)));
}

Result<UniqueFd> ImageStore::openIndex(const StoredLayer& layer) const
{
    auto index = os::open(m_indexes, std::string(hexOf(layer.diffId)), O_RDONLY | O_NOFOLLOW);
    if (!index && index.error().errnum == ENOENT)
        return fail(ErrorCode::FailedPrecondition,
                    "the layer {} was imported by an older version, which kept no index of it: import the image again",
                    layer.diffId);
    return index;
}

Result<UniqueFd> openRegularFile(BorrowedFd root, const std::string& path)
{
    const std::string inside = path.substr(std::min(path.find_first_not_of('/'), path.size()));
    if (inside.empty() || inside.size() >= pathLimit || inside.contains('\0'))
        return fail(ErrorCode::InvalidArgument, "'{}' cannot be the path of a file in a layer", path.substr(0, 300));
    // Looked at before it is opened: opening a device does something.
    constexpr std::uint64_t strictly = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const UniqueFd found = TRY(os::openResolved(root, inside, O_PATH, strictly));
    if (!S_ISREG(TRY(os::status(found)).st_mode))
        return fail(ErrorCode::InvalidArgument, "'{}' is not a regular file in this layer", path);
    return os::open(std::format("/proc/self/fd/{}", found.value()), O_RDONLY | O_NONBLOCK);
}

Result<UniqueFd> ImageStore::openFile(const StoredLayer& layer, const std::string& path) const
{
    const UniqueFd root = TRY(os::open(layerDirectory(layer.chainId), O_PATH | O_DIRECTORY | O_NOFOLLOW),
                              "open the layer {}", layer.chainId);
    return openRegularFile(root, path);
}

bool ImageStore::hasBlob(const std::string& digest) const
{
    return os::exists(m_blobs, std::string(hexOf(digest)));
}

Result<UniqueFd> ImageStore::openBlob(const std::string& digest) const
{
    return TRY(os::open(m_blobs, std::string(hexOf(digest)), O_RDONLY | O_NOFOLLOW), "open the blob {}", digest);
}

Result<UniqueFd> ImageStore::blobFile()
{
    return TRY(os::open(m_blobs, ".", O_TMPFILE | O_RDWR, 0600), "make a blob");
}

Result<> ImageStore::publishBlob(UniqueFd file, const std::string& digest)
{
    const std::string name(hexOf(digest));
    const std::string open = std::format("/proc/self/fd/{}", file.value());
    if (::linkat(AT_FDCWD, open.c_str(), m_blobs.value(), name.c_str(), AT_SYMLINK_FOLLOW) != 0 && errno != EEXIST)
        return fail(Error::fromErrno(errno).in(std::format("keep the blob {}", digest)));
    return {};
}

} // namespace rocker::image
