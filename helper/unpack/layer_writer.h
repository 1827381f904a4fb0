#pragma once

#include "engine/archive/layer_path.h"
#include "engine/archive/tar_reader.h"
#include "engine/base/unique_fd.h"
#include "engine/image/worker_messages.h"
#include "helper/unpack/directory_stack.h"
#include "helper/unpack/layer_survey.h"

#include <string>
#include <vector>

struct stat;

namespace rocker::unpack {

// Writes one layer's entries into a directory in the form that overlayfs reads: whiteouts as character devices 0:0,
// opaque directories marked by user.overlay.opaque (overlayfs.rst, "userxattr"). The directory is the process's root, so
// no link in it leads anywhere else.
class LayerWriter
{
public:
    LayerWriter(UniqueFd root, const image::UnpackRequest& limits);
    LayerWriter(const LayerWriter&) = delete;

    Result<> add(const archive::TarEntry& entry, archive::TarReader& reader);
    // Directories get their modes and times last, when nothing changes in them any more.
    Result<image::UnpackOutcome> finish();
    // The index of what has been made, after finish(). Leaves the process in the root.
    Result<std::string> index() const;

private:
    using Path = std::vector<std::string>;
    struct Directory {
        std::string path;
        ino_t inode; // something else may stand there in the end
        std::uint32_t mode;
        timespec modified;
    };

    Result<BorrowedFd> parentOf(const Path& path);
    Result<UniqueFd> makeStep(BorrowedFd parent, const std::string& name);
    Result<> whiteout(const Path& path);
    Result<> markOpaque(const Path& path);
    Result<> content(const archive::TarEntry& entry, const Path& path, archive::TarReader& reader);
    Result<bool> makeRoom(BorrowedFd parent, const std::string& name);
    Result<> directory(const archive::TarEntry& entry, const Path& path, BorrowedFd parent);
    Result<> special(const archive::TarEntry& entry, BorrowedFd parent, const std::string& name);
    Result<> file(const archive::TarEntry& entry, BorrowedFd parent, const std::string& name, archive::TarReader& reader);
    Result<> write(BorrowedFd file, const archive::TarEntry& entry, archive::TarReader& reader, layers::ContentId& id);
    Result<> store(BorrowedFd file, std::span<const char> bytes, std::uint64_t offset);
    Result<> link(BorrowedFd parent, const Path& path, const archive::TarEntry& entry);
    Result<> dress(BorrowedFd opened, const struct stat& status, const archive::TarEntry& entry);
    Result<> dressSpecial(BorrowedFd parent, const std::string& name, const archive::TarEntry& entry);

    UniqueFd m_root;
    DirectoryStack m_open;
    image::UnpackRequest m_limits;
    image::UnpackOutcome m_outcome;
    std::int64_t m_entries = 0;
    std::int64_t m_stored = 0; // bytes that take space, all files together
    std::uint64_t m_zeros = 8ULL << 30; // of holes to be hashed: some seconds
    std::vector<Directory> m_directories;
    LayerNotes m_notes;
};

} // namespace rocker::unpack
