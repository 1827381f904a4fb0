#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <string>
#include <vector>

namespace rocker {

// A container's root directory, by descriptor. Every path that an image or a person gives is resolved here, once, as
// the container would (openat2(2): RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS): no link leads out of it.
class Rootfs
{
public:
    explicit Rootfs(BorrowedFd root) : m_root(root) {}

    // What is there, as an O_PATH descriptor; a link at the end is followed.
    Result<UniqueFd> open(const std::string& path) const;
    Result<UniqueFd> openForReading(const std::string& path) const;

    // A place to mount on, made with its parents where missing: a directory, or an empty file.
    Result<UniqueFd> makeDirectory(const std::string& path) const;
    Result<UniqueFd> makeFile(const std::string& path) const;

    BorrowedFd root() const { return m_root; }

private:
    Result<UniqueFd> makeParents(const std::vector<std::string>& steps, std::size_t count) const;
    BorrowedFd m_root;
};

} // namespace rocker
