#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <string>

namespace rocker {

// A container's root directory, by descriptor. Every path that an image or a person gives is resolved here, once, as
// the container would (openat2(2): RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS): no link leads out of it.
class Rootfs
{
public:
    explicit Rootfs(BorrowedFd root) : m_root(root) {}

    // Which links on a path are followed: all, all but one at its end, none (a link is then ELOOP).
    enum class Links { Follow, KeepLast, Refuse };

    // What is there, as an O_PATH descriptor.
    Result<UniqueFd> open(const std::string& path, Links links = Links::Follow) const;
    Result<UniqueFd> openForReading(const std::string& path) const;

    // A place to mount on: what is there, of whatever type; where nothing is, a directory or an empty file is made,
    // with its parents (0755 and 0644, less the umask), through dangling links as well.
    struct Place {
        UniqueFd fd; // O_PATH
        bool made = false;
    };
    Result<Place> placeForDirectory(const std::string& path, Links links = Links::Follow) const;
    Result<Place> placeForFile(const std::string& path, Links links = Links::Follow) const;

    // The same for who wants only a directory, or only something that is none.
    Result<UniqueFd> makeDirectory(const std::string& path) const;
    Result<UniqueFd> makeFile(const std::string& path) const;

    // The directory that holds the last name of `path`, made where missing, and that name: for nodes and links, which
    // are made in it and never followed.
    struct Entry {
        UniqueFd directory;
        std::string name;
    };
    Result<Entry> entry(const std::string& path) const;

    BorrowedFd root() const { return m_root; }

private:
    enum class Kind { Directory, File };
    Result<Place> place(const std::string& path, Links links, Kind kind) const;
    Result<UniqueFd> make(const std::string& path, Links links, Kind kind) const;
    BorrowedFd m_root;
};

} // namespace rocker
