#pragma once

#include "engine/archive/tar_entry.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <cstdint>
#include <map>
#include <string>

namespace rocker::layout {

enum class ArchiveKind {
    Unclear,
    Images,     // manifest.json or an OCI layout
    FileSystem, // a root file system or a layer: directories that no image archive has
};

// What an archive is, as far as its entries have told. A file system may hold a manifest.json as well.
class ArchiveClues
{
public:
    void add(const archive::TarEntry& entry);
    ArchiveKind kind() const;

private:
    bool m_manifest = false;
    bool m_index = false;
    bool m_layout = false;
    bool m_system = false;
};

// The regular files of a plain, seekable tar: where each one's bytes are. A link stands for its target.
class ArchiveFiles
{
public:
    // Stops as soon as `clues`, where they are wanted, say that it is a file system.
    static Result<ArchiveFiles> read(BorrowedFd tar, std::uint64_t size, ArchiveClues* clues = nullptr);

    struct Place {
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
    };
    const Place* find(const std::string& name) const;
    bool empty() const { return m_files.empty(); }
    // A whole file of at most documentLimit bytes.
    Result<std::string> document(const std::string& name) const;
    // The blob of a digest in an OCI layout, checked against it.
    Result<std::string> blob(const std::string& digest, std::int64_t size) const;

private:
    explicit ArchiveFiles(BorrowedFd tar) : m_tar(tar) {}
    BorrowedFd m_tar;
    std::map<std::string, Place> m_files;
    std::map<std::string, std::string> m_links;
};

} // namespace rocker::layout
