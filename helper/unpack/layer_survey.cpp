#include "helper/unpack/layer_survey.h"

#include "engine/archive/layer_path.h"
#include "engine/layers/index_writer.h"
#include "engine/layout/attributes.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"
#include "helper/unpack/file_facts.h"
#include "helper/unpack/overlay_marks.h"

#include <algorithm>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace rocker::unpack {

namespace {

using layers::Kind;
using layers::Record;
using Path = std::vector<std::string>;

Record recordOf(const struct stat& status)
{
    Record record{.mode = std::uint16_t(status.st_mode & 07777), .uid = status.st_uid, .gid = status.st_gid,
                  .seconds = status.st_mtim.tv_sec, .nanoseconds = std::uint32_t(status.st_mtim.tv_nsec)};
    switch (status.st_mode & S_IFMT) {
    case S_IFDIR:
        record.kind = Kind::Directory;
        break;
    case S_IFLNK:
        record.kind = Kind::Symlink;
        break;
    case S_IFIFO:
        record.kind = Kind::Fifo;
        break;
    case S_IFCHR:
    case S_IFBLK:
        record.kind = S_ISCHR(status.st_mode) ? Kind::CharDevice : Kind::BlockDevice;
        record.size = std::uint64_t(major(status.st_rdev)) << 32 | minor(status.st_rdev);
        break;
    default:
        record.size = std::uint64_t(status.st_size);
    }
    return record;
}

class Surveyor
{
public:
    // Without notes nothing is known of contents, and every directory is named.
    Surveyor(BorrowedFd root, const LayerNotes* notes) : m_root(root), m_notes(notes) {}

    Result<std::string> run()
    {
        m_pending.push_back({});
        while (!m_pending.empty()) {
            const Path path = std::move(m_pending.back());
            m_pending.pop_back();
            TRY(directory(path), "'{}'", archive::joined(path));
        }
        return m_index.finish();
    }

private:
    Result<> directory(const Path& path)
    {
        const std::string name = path.empty() ? "." : archive::joined(path);
        const UniqueFd opened = TRY(os::open(m_root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
        TRY(os::checkDone(::fchdir(opened.value())));
        const struct stat status = TRY(os::status(opened));
        std::vector<std::string> names = TRY(os::listDirectory(opened, "."));
        const bool opaque = isOpaque(opened);
        if (!m_notes || m_notes->named.contains(status.st_ino) || (!path.empty() && names.empty() && !opaque)) {
            Record record = recordOf(status);
            record.xattrs = TRY(attributesOf(".", status.st_ino));
            m_index.add(path, record);
        }
        if (opaque)
            m_index.makeOpaque(path);
        // In an order of its own, so that of a file with several names always the same one comes first.
        std::ranges::sort(names);
        Path below = path;
        below.emplace_back();
        for (std::string& child : names) {
            below.back() = std::move(child);
            TRY(entry(opened, below), "'{}'", below.back());
        }
        return {};
    }

    Result<> entry(BorrowedFd parent, const Path& path)
    {
        const std::string& name = path.back();
        const struct stat status = TRY(os::status(parent, name));
        if (S_ISDIR(status.st_mode))
            return m_pending.push_back(path), Result<>{};
        if (isWhiteout(status))
            return m_index.whiteout(path), Result<>{};
        Record record = recordOf(status);
        std::string link;
        if (record.kind == Kind::Symlink)
            link = TRY(linkTarget(parent, name));
        if (record.kind == Kind::File) {
            if (m_notes)
                record.content = TRY(contentOf(status.st_ino));
            if (status.st_nlink > 1)
                link = firstName(status.st_ino, path);
            if (!link.empty())
                record.flags |= Record::hardLink;
        }
        record.xattrs = TRY(attributesOf(name, status.st_ino));
        m_index.add(path, record, link);
        return {};
    }

    Result<std::uint32_t> attributesOf(const std::string& name, ino_t inode) const
    {
        if (m_notes && !m_notes->attributed.contains(inode))
            return 0;
        return layout::xattrsHash(TRY(xattrsOf(name)));
    }

    Result<layers::ContentId> contentOf(ino_t inode) const
    {
        const auto content = m_notes->contents.find(inode);
        if (content == m_notes->contents.end())
            return fail(ErrorCode::Internal, "nobody has written this file");
        return content->second;
    }

    // The other name of a file that has several, empty for the one that is met first.
    std::string firstName(ino_t inode, const Path& path)
    {
        const auto [first, isFirst] = m_linked.try_emplace(inode);
        if (!isFirst)
            return first->second;
        first->second = archive::joined(path);
        return {};
    }

    BorrowedFd m_root;
    const LayerNotes* m_notes;
    layers::IndexWriter m_index;
    std::vector<Path> m_pending;
    std::unordered_map<ino_t, std::string> m_linked;
};

} // namespace

Result<std::string> surveyLayer(BorrowedFd root, const LayerNotes& notes)
{
    auto index = Surveyor(root, &notes).run();
    if (!index)
        return fail(std::move(index).error().in("look over the layer"));
    // The process was in the last directory.
    TRY(os::checkDone(::fchdir(root.value())));
    return index;
}

Result<std::string> surveyChanges(BorrowedFd root)
{
    return TRY(Surveyor(root, nullptr).run(), "look over the changes");
}

} // namespace rocker::unpack
