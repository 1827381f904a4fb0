#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <cstdint>
#include <map>
#include <string>

namespace rocker::layout {

// The regular files of a plain, seekable tar: where each one's bytes are. A link stands for its target.
class ArchiveFiles
{
public:
    static Result<ArchiveFiles> read(BorrowedFd tar, std::uint64_t size);

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
