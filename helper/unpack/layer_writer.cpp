#include "helper/unpack/layer_writer.h"

#include "engine/layout/attributes.h"
#include "engine/layout/content_hash.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"
#include "helper/unpack/overlay_marks.h"
#include "helper/unpack/writeback.h"

#include <algorithm>
#include <cstring>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace rocker::unpack {

namespace {

using archive::EntryType;
using archive::TarEntry;

constexpr std::size_t holeSize = 4096; // the block size that file systems use

bool isZero(std::span<const char> bytes)
{
    return bytes.front() == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

// How many of the first bytes are zeros, or are none, in whole blocks.
std::size_t runLength(std::span<const char> bytes, bool zeros)
{
    std::size_t length = 0;
    while (length < bytes.size() && isZero(bytes.subspan(length, std::min(holeSize, bytes.size() - length))) == zeros)
        length += std::min(holeSize, bytes.size() - length);
    return length;
}

Result<UniqueFd> openDirectory(BorrowedFd parent, const std::string& name)
{
    return os::open(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

} // namespace

LayerWriter::LayerWriter(UniqueFd root, const image::UnpackRequest& limits)
    : m_root(std::move(root)), m_open(m_root, [this](BorrowedFd parent, const std::string& name) { return makeStep(parent, name); })
    , m_limits(limits)
{
}

Result<> LayerWriter::add(const TarEntry& entry, archive::TarReader& reader)
{
    if (++m_entries > m_limits.entryLimit)
        return fail(ErrorCode::ResourceExhausted, "the layer has more than {} entries", m_limits.entryLimit);
    const archive::LayerName name = TRY(archive::layerName(entry.name), "entry '{}'", entry.name);
    switch (name.meaning) {
    case archive::Meaning::Ignored:
        return {};
    case archive::Meaning::Whiteout:
        return TRY(whiteout(name.path), "whiteout '{}'", entry.name), Result<>{};
    case archive::Meaning::Opaque:
        return TRY(markOpaque(name.path), "opaque directory '{}'", entry.name), Result<>{};
    case archive::Meaning::Content:
        return TRY(content(entry, name.path, reader), "entry '{}'", entry.name), Result<>{};
    }
    return {};
}

// The directory below `parent`, made when missing; anything else of that name gives way, but a link that leads to a
// directory of this layer is followed.
Result<UniqueFd> LayerWriter::makeStep(BorrowedFd parent, const std::string& name)
{
    if (auto existing = os::openResolved(parent, name, O_RDONLY | O_DIRECTORY, RESOLVE_NO_MAGICLINKS))
        return existing;
    const bool hides = TRY(makeRoom(parent, name));
    TRY(os::checkDone(::mkdirat(parent.value(), name.c_str(), 0755)));
    UniqueFd directory = TRY(openDirectory(parent, name));
    if (hides)
        TRY(setOpaque(directory));
    return directory;
}

Result<BorrowedFd> LayerWriter::parentOf(const Path& path)
{
    return m_open.enter(std::span(path).first(path.size() - 1));
}

Result<> LayerWriter::whiteout(const Path& path)
{
    if (path.empty())
        return {};
    const BorrowedFd parent = TRY(parentOf(path));
    if (const auto status = os::status(parent, path.back())) {
        // Whiteouts apply to lower layers only (layer.md): what this layer has made stays, and nothing shows through it.
        if (S_ISDIR(status->st_mode))
            return TRY(setOpaque(TRY(openDirectory(parent, path.back()))), "mark a directory opaque"), Result<>{};
        return {};
    }
    if (isOpaque(parent))
        return {};
    return makeWhiteout(parent, path.back());
}

Result<> LayerWriter::markOpaque(const Path& path)
{
    if (path.empty())
        m_outcome.opaqueRoot = true;
    return setOpaque(TRY(m_open.enter(path)));
}

// Removes what stands in the way; true when something did, which hid what is below: a directory in its place must be
// opaque.
Result<bool> LayerWriter::makeRoom(BorrowedFd parent, const std::string& name)
{
    if (!os::exists(parent, name))
        return false;
    m_open.forget();
    TRY(os::removeTree(parent, name), "replace '{}'", name);
    return true;
}

Result<> LayerWriter::content(const TarEntry& entry, const Path& path, archive::TarReader& reader)
{
    if (path.empty()) {
        if (entry.type != EntryType::Directory)
            return fail(ErrorCode::Corrupt, "the layer's root is not a directory");
        const struct stat status = TRY(os::status(m_root));
        m_outcome.namedRoot = true;
        m_directories.push_back({".", status.st_ino, entry.mode, entry.modified});
        return dress(m_root, status, entry);
    }
    const BorrowedFd parent = TRY(parentOf(path));
    const std::string& name = path.back();
    if (entry.type == EntryType::HardLink)
        return link(parent, path, entry);
    ++m_outcome.files;
    if (entry.type == EntryType::Directory)
        return directory(entry, path, parent);
    return entry.type == EntryType::Regular ? file(entry, parent, name, reader) : special(entry, parent, name);
}

// Set-user-ID and the like wait until the end: what is made in a directory would inherit them.
Result<> LayerWriter::directory(const TarEntry& entry, const Path& path, BorrowedFd parent)
{
    const std::string& name = path.back();
    const mode_t mode = entry.mode & 0777;
    bool hides = false;
    if (::mkdirat(parent.value(), name.c_str(), mode) != 0) {
        if (errno != EEXIST)
            return fail(Error::fromErrno(errno));
        if (!S_ISDIR(TRY(os::status(parent, name)).st_mode)) {
            hides = TRY(makeRoom(parent, name));
            TRY(os::checkDone(::mkdirat(parent.value(), name.c_str(), mode)));
        }
    }
    // Most of what comes next is in it.
    const BorrowedFd opened = TRY(m_open.enter(path));
    if (hides)
        TRY(setOpaque(opened));
    const struct stat status = TRY(os::status(opened));
    m_directories.push_back({archive::joined(path), status.st_ino, entry.mode, entry.modified});
    return dress(opened, status, entry);
}

Result<> LayerWriter::special(const TarEntry& entry, BorrowedFd parent, const std::string& name)
{
    TRY(makeRoom(parent, name));
    const dev_t device = makedev(entry.deviceMajor, entry.deviceMinor);
    switch (entry.type) {
    case EntryType::Symlink:
        TRY(os::makeSymlink(entry.linkTarget, parent, name));
        break;
    case EntryType::Fifo:
        TRY(os::makeNode(parent, name, S_IFIFO | 0600, 0));
        break;
    case EntryType::CharDevice:
        if (device == 0)
            return fail(ErrorCode::Corrupt, "a character device 0:0 is overlayfs's own whiteout");
        TRY(os::makeNode(parent, name, S_IFCHR | 0600, device));
        break;
    case EntryType::BlockDevice:
        TRY(os::makeNode(parent, name, S_IFBLK | 0600, device));
        break;
    case EntryType::Directory:
    case EntryType::Regular:
    case EntryType::HardLink:
        break;
    }
    return dressSpecial(parent, name, entry);
}

Result<> LayerWriter::file(const TarEntry& entry, BorrowedFd parent, const std::string& name, archive::TarReader& reader)
{
    if (entry.size > std::uint64_t(m_limits.fileLimit))
        return fail(Error::fromErrno(EFBIG));
    const auto create = [&] {
        return os::open(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, entry.mode & 0777);
    };
    auto created = create();
    if (!created && created.error().errnum == EEXIST) {
        TRY(makeRoom(parent, name));
        created = create();
    }
    const UniqueFd opened = TRY(std::move(created));
    layers::ContentId id;
    TRY(write(opened, entry, reader, id));
    const struct stat status = TRY(os::status(opened));
    m_notes.contents[status.st_ino] = id;
    TRY(dress(opened, status, entry));
    const timespec times[2]{entry.modified, entry.modified};
    return os::checkDone(::futimens(opened.value(), times));
}

Result<> LayerWriter::write(BorrowedFd file, const TarEntry& entry, archive::TarReader& reader, layers::ContentId& id)
{
    layout::ContentHash hash(m_zeros);
    Writeback writeback;
    std::uint64_t end = 0; // of what has been stored
    while (const auto piece = TRY(reader.nextPiece())) {
        hash.add(piece->offset, piece->bytes);
        std::uint64_t offset = piece->offset;
        std::span<const char> rest = piece->bytes;
        m_outcome.size += std::int64_t(rest.size());
        while (!rest.empty()) {
            // Zeros stay holes: what takes a megabyte in a compressed archive takes no gigabyte here.
            std::size_t length = runLength(rest, true);
            if (length == 0) {
                length = runLength(rest, false);
                TRY(store(file, rest.first(length), offset), "write");
                end = offset + length;
                writeback.written(file, end);
            }
            rest = rest.subspan(length);
            offset += length;
        }
    }
    id = hash.finish(entry.size);
    return end == entry.size ? Result<>() : os::checkDone(::ftruncate(file.value(), off_t(entry.size))); // a hole at its end
}

Result<> LayerWriter::store(BorrowedFd file, std::span<const char> bytes, std::uint64_t offset)
{
    m_stored += std::int64_t(bytes.size());
    if (m_stored > m_limits.storedLimit)
        return fail(ErrorCode::ResourceExhausted, "the layer unpacks to more than {} bytes", m_limits.storedLimit);
    while (!bytes.empty()) {
        const ssize_t count = TRY(os::check(::pwrite(file.value(), bytes.data(), bytes.size(), off_t(offset))));
        bytes = bytes.subspan(std::size_t(count));
        offset += std::uint64_t(count);
    }
    return {};
}

Result<> LayerWriter::link(BorrowedFd parent, const Path& path, const TarEntry& entry)
{
    const Path target = TRY(archive::layerPath(entry.linkTarget), "the link's target '{}'", entry.linkTarget);
    if (target.empty())
        return fail(ErrorCode::Corrupt, "the link's target is the layer's root");
    BorrowedFd directory = parent;
    UniqueFd opened;
    if (!std::ranges::equal(std::span(target).first(target.size() - 1), std::span(path).first(path.size() - 1))) {
        opened = TRY(os::open(m_root, ".", O_RDONLY | O_DIRECTORY));
        for (std::size_t i = 0; i + 1 < target.size(); ++i)
            opened = TRY(os::openResolved(opened, target[i], O_RDONLY | O_DIRECTORY, RESOLVE_NO_MAGICLINKS),
                         "the link's target '{}'", entry.linkTarget);
        directory = opened;
    }
    const std::string& name = path.back();
    const struct stat found = TRY(os::status(directory, target.back()), "the link's target '{}'", entry.linkTarget);
    const auto same = os::status(parent, name);
    if (same && same->st_ino == found.st_ino && same->st_dev == found.st_dev)
        return {};
    if (same)
        TRY(makeRoom(parent, name));
    ++m_outcome.files;
    return os::checkDone(::linkat(directory.value(), target.back().c_str(), parent.value(), name.c_str(), 0));
}

// A file or directory, all but its times. Owner first: chown(2) clears set-user-ID bits and file capabilities.
Result<> LayerWriter::dress(BorrowedFd opened, const struct stat& status, const TarEntry& entry)
{
    if (status.st_uid != entry.uid || status.st_gid != entry.gid)
        TRY(os::checkDone(::fchown(opened.value(), entry.uid, entry.gid)), "set the owner");
    const mode_t mode = S_ISDIR(status.st_mode) ? entry.mode & 0777 : entry.mode;
    if ((status.st_mode & 07777) != mode)
        TRY(os::checkDone(::fchmod(opened.value(), mode)), "set the mode");
    for (const auto& [key, value] : entry.xattrs) {
        if (!layout::keepXattr(key))
            continue;
        if (::fsetxattr(opened.value(), key.c_str(), value.data(), value.size(), 0) == 0)
            m_notes.attributed.insert(status.st_ino);
        else if (errno != EOPNOTSUPP && errno != EPERM)
            return fail(Error::fromErrno(errno).in("set the attribute " + key));
    }
    return {};
}

// What cannot be opened, or what it does when it is. Nothing but root's attributes would fit it (xattr(7)).
Result<> LayerWriter::dressSpecial(BorrowedFd parent, const std::string& name, const TarEntry& entry)
{
    TRY(os::changeOwner(parent, name, entry.uid, entry.gid), "set the owner");
    if (entry.type != EntryType::Symlink)
        TRY(os::changeMode(parent, name, entry.mode), "set the mode");
    for (const auto& [key, value] : entry.xattrs) {
        if (!layout::keepXattr(key))
            continue;
        TRY(os::checkDone(::fchdir(parent.value())));
        if (::lsetxattr(name.c_str(), key.c_str(), value.data(), value.size(), 0) == 0)
            m_notes.attributed.insert(TRY(os::status(parent, name)).st_ino);
        else if (errno != EOPNOTSUPP && errno != EPERM)
            return fail(Error::fromErrno(errno).in("set the attribute " + key));
    }
    const timespec times[2]{entry.modified, entry.modified};
    return os::checkDone(::utimensat(parent.value(), name.c_str(), times, AT_SYMLINK_NOFOLLOW));
}

Result<image::UnpackOutcome> LayerWriter::finish()
{
    for (const Directory& directory : m_directories) {
        const auto status = os::status(m_root, directory.path);
        if (!status || !S_ISDIR(status->st_mode) || status->st_ino != directory.inode)
            continue;
        m_notes.named.insert(directory.inode);
        if ((status->st_mode & 07777) != directory.mode)
            TRY(os::changeMode(m_root, directory.path, directory.mode), "set the mode of '{}'", directory.path);
        const timespec times[2]{directory.modified, directory.modified};
        TRY(os::checkDone(::utimensat(m_root.value(), directory.path.c_str(), times, AT_SYMLINK_NOFOLLOW)),
            "set the times of '{}'", directory.path);
    }
    return m_outcome;
}

Result<std::string> LayerWriter::index() const
{
    return surveyLayer(m_root, m_notes);
}

} // namespace rocker::unpack
