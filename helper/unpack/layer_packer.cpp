#include "helper/unpack/layer_packer.h"

#include "engine/archive/layer_path.h"
#include "engine/archive/tar_writer.h"
#include "engine/os/file.h"
#include "engine/os/syscall.h"
#include "helper/unpack/file_facts.h"
#include "helper/unpack/overlay_marks.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace rocker::unpack {

namespace {

using archive::EntryType;
using archive::TarEntry;

TarEntry entryOf(const std::string& path, const struct stat& status)
{
    TarEntry entry{.name = path, .mode = std::uint32_t(status.st_mode & 07777), .uid = status.st_uid, .gid = status.st_gid,
                   .modified = status.st_mtim};
    switch (status.st_mode & S_IFMT) {
    case S_IFDIR:
        entry.type = EntryType::Directory;
        break;
    case S_IFLNK:
        entry.type = EntryType::Symlink;
        break;
    case S_IFIFO:
        entry.type = EntryType::Fifo;
        break;
    case S_IFCHR:
    case S_IFBLK:
        entry.type = S_ISCHR(status.st_mode) ? EntryType::CharDevice : EntryType::BlockDevice;
        entry.deviceMajor = major(status.st_rdev);
        entry.deviceMinor = minor(status.st_rdev);
        break;
    default:
        entry.size = std::uint64_t(status.st_size);
    }
    return entry;
}

} // namespace

LayerPacker::LayerPacker(BorrowedFd root, const std::vector<std::string>& selected, std::uint64_t contentLimit, Sink sink,
                         Form form)
    : m_root(root), m_selected(selected.begin(), selected.end()), m_left(contentLimit), m_sink(std::move(sink)), m_form(form)
{
}

Result<std::int64_t> LayerPacker::run()
{
    m_pending.push_back({"", m_selected.empty() ? Choice::Whole : Choice::OnTheWay});
    while (!m_pending.empty()) {
        const Pending pending = std::move(m_pending.back());
        m_pending.pop_back();
        TRY(directory(pending), "'/{}'", pending.path);
    }
    for (const std::string& path : m_selected)
        if (!m_found.contains(path))
            return fail(ErrorCode::NotFound, "'/{}' is not what the container has changed", path);
    if (m_entries > 0 || m_form == Form::Whole)
        TRY(m_sink(std::string(archive::endSize, '\0')));
    return m_entries;
}

LayerPacker::Choice LayerPacker::choose(const std::string& path, Choice parent)
{
    const bool named = m_selected.contains(path);
    if (named)
        m_found.insert(path);
    if (parent == Choice::Whole || named)
        return Choice::Whole;
    const auto below = m_selected.lower_bound(path + "/");
    return below != m_selected.end() && below->starts_with(path + "/") ? Choice::OnTheWay : Choice::No;
}

Result<> LayerPacker::directory(const Pending& pending)
{
    const UniqueFd opened = TRY(os::open(m_root, pending.path.empty() ? "." : pending.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    TRY(os::checkDone(::fchdir(opened.value())));
    if (!pending.path.empty()) {
        const struct stat status = TRY(os::status(opened));
        TarEntry entry = entryOf(pending.path, status);
        entry.xattrs = TRY(xattrsOf("."));
        TRY(m_sink(archive::entryHeader(entry)));
        ++m_entries;
        if (m_form == Form::Changes && pending.choice == Choice::Whole && isOpaque(opened))
            TRY(emptyFile(pending.path + ".wh..wh..opq", status));
    }
    std::vector<std::string> names = TRY(os::listDirectory(opened, "."));
    std::ranges::sort(names);
    const std::size_t before = m_pending.size();
    for (const std::string& name : names) {
        const std::string path = pending.path + name;
        if (const Choice choice = choose(path, pending.choice); choice != Choice::No)
            TRY(entry(opened, path, name, choice), "'{}'", name);
    }
    std::reverse(m_pending.begin() + std::ptrdiff_t(before), m_pending.end()); // the stack turns them round again
    return {};
}

Result<> LayerPacker::entry(BorrowedFd parent, const std::string& path, const std::string& name, Choice choice)
{
    const struct stat status = TRY(os::status(parent, name));
    if (S_ISDIR(status.st_mode))
        return m_pending.push_back({path + "/", choice}), Result<>{};
    if (choice == Choice::OnTheWay || S_ISSOCK(status.st_mode)) // no tar can hold a socket
        return {};
    if (m_form == Form::Changes && isWhiteout(status))
        return emptyFile(path.substr(0, path.size() - name.size()) + ".wh." + name, status);
    if (m_form == Form::Changes && name.starts_with(".wh."))
        return fail(ErrorCode::InvalidArgument, "a file of such a name cannot be in a layer: it would mean a removal");
    TarEntry entry = entryOf(path, status);
    if (S_ISREG(status.st_mode) && status.st_nlink > 1) {
        const auto [first, isFirst] = m_names.try_emplace(status.st_ino, path);
        if (!isFirst) {
            entry.type = EntryType::HardLink;
            entry.size = 0;
            entry.linkTarget = first->second;
            ++m_entries;
            return m_sink(archive::entryHeader(entry));
        }
    }
    if (entry.type == EntryType::Symlink)
        entry.linkTarget = TRY(linkTarget(parent, name));
    entry.xattrs = TRY(xattrsOf(name));
    if (entry.size > m_left)
        return fail(ErrorCode::ResourceExhausted, "the changes are larger than a layer may be");
    m_left -= entry.size;
    TRY(m_sink(archive::entryHeader(entry)));
    ++m_entries;
    return entry.type == EntryType::Regular ? content(parent, name, entry.size) : Result<>{};
}

Result<> LayerPacker::content(BorrowedFd parent, const std::string& name, std::uint64_t size)
{
    const UniqueFd file = TRY(os::open(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    std::uint64_t left = size;
    while (left > 0) {
        const std::size_t wanted = std::min<std::uint64_t>(left, m_buffer.size());
        std::size_t count = std::size_t(TRY(os::check(::read(file.value(), m_buffer.data(), wanted)), "read"));
        if (count == 0) { // it has become shorter
            std::fill_n(m_buffer.begin(), wanted, '\0');
            count = wanted;
        }
        TRY(m_sink({m_buffer.data(), count}));
        left -= count;
    }
    return m_sink(std::string(archive::paddingOf(size), '\0'));
}

Result<> LayerPacker::emptyFile(const std::string& path, const struct stat& status)
{
    ++m_entries;
    return m_sink(archive::entryHeader({.name = path, .modified = {status.st_mtim.tv_sec, 0}}));
}

} // namespace rocker::unpack
