#include "engine/layout/archive_files.h"

#include "engine/archive/layer_path.h"
#include "engine/archive/tar_reader.h"
#include "engine/image/digest.h"
#include "engine/image/worker_messages.h"

#include <algorithm>

namespace rocker::layout {

namespace {

constexpr std::size_t filesLimit = 100'000;

} // namespace

void ArchiveClues::add(const archive::TarEntry& entry)
{
    // Of the Filesystem Hierarchy Standard, and whiteouts.
    static constexpr std::string_view systemNames[]{"bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt",
                                                    "proc", "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var"};
    const auto path = archive::layerPath(entry.name);
    if (!path || path->empty())
        return;
    const std::string& first = path->front();
    m_system |= std::ranges::contains(systemNames, first) || path->back().starts_with(".wh.");
    if (path->size() > 1 || entry.type == archive::EntryType::Directory)
        return;
    m_manifest |= first == "manifest.json";
    m_index |= first == "index.json";
    m_layout |= first == "oci-layout";
}

ArchiveKind ArchiveClues::kind() const
{
    if (m_system)
        return ArchiveKind::FileSystem;
    return m_manifest || (m_index && m_layout) ? ArchiveKind::Images : ArchiveKind::Unclear;
}

Result<ArchiveFiles> ArchiveFiles::read(BorrowedFd tar, std::uint64_t size, ArchiveClues* clues)
{
    ArchiveFiles files(tar);
    archive::RangeSource source(tar, 0, size);
    archive::TarReader reader(source, &source);
    while (const auto entry = TRY(reader.next())) {
        if (clues)
            clues->add(*entry);
        if (clues && clues->kind() == ArchiveKind::FileSystem)
            break;
        const auto path = archive::layerPath(entry->name);
        if (!path || path->empty())
            continue;
        const std::string name = archive::joined(*path);
        if (entry->type == archive::EntryType::Regular)
            files.m_files[name] = {source.offset(), entry->size};
        // docker save writes a layer that it has written already as a link "../<other>/layer.tar".
        else if (entry->type == archive::EntryType::Symlink || entry->type == archive::EntryType::HardLink)
            files.m_links[name] = entry->linkTarget;
        if (files.m_files.size() + files.m_links.size() > filesLimit)
            return fail(ErrorCode::Corrupt, "the archive has more than {} files: this is no image", filesLimit);
    }
    return files;
}

const ArchiveFiles::Place* ArchiveFiles::find(const std::string& name) const
{
    if (const auto file = m_files.find(name); file != m_files.end())
        return &file->second;
    const auto link = m_links.find(name);
    if (link == m_links.end())
        return nullptr;
    const std::string target = link->second.starts_with("../") ? link->second.substr(3) : link->second;
    const auto file = m_files.find(target);
    return file == m_files.end() ? nullptr : &file->second;
}

Result<std::string> ArchiveFiles::document(const std::string& name) const
{
    const Place* const place = find(name);
    if (!place)
        return fail(ErrorCode::Corrupt, "the archive has no '{}'", name);
    if (place->size > image::documentLimit)
        return fail(ErrorCode::Corrupt, "'{}' is larger than {} bytes", name, image::documentLimit);
    std::string text(place->size, '\0');
    archive::RangeSource source(m_tar, place->offset, place->size);
    if (TRY(archive::readFully(source, text), "read '{}'", name) != text.size())
        return fail(ErrorCode::Corrupt, "the archive ends inside '{}'", name);
    return text;
}

Result<std::string> ArchiveFiles::blob(const std::string& digest, std::int64_t size) const
{
    TRY(image::checkDigest(digest));
    std::string text = TRY(document("blobs/sha256/" + std::string(image::hexOf(digest))));
    if (std::int64_t(text.size()) != size)
        return fail(ErrorCode::Corrupt, "the blob {} has {} bytes instead of {}", digest, text.size(), size);
    if (image::digestOf(text) != digest)
        return fail(ErrorCode::Corrupt, "the blob {} has another digest: {}", digest, image::digestOf(text));
    return text;
}

} // namespace rocker::layout
