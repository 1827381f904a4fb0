#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// What is mounted in a container besides its root file system, as data: decided here, done by a plain loop.
namespace rocker::mount {

// A new instance of a file system on a directory of the container.
struct Filesystem {
    std::string type;
    std::string source;
    std::string target;
    std::vector<std::pair<std::string, std::string>> options;
    std::uint64_t attributes = 0; // MOUNT_ATTR_… of mount_setattr(2)
    bool optional = false;        // passed over where the kernel lacks the file system

    bool operator==(const Filesystem&) const = default;
};

// proc, sysfs, devpts, mqueue, shm: in the order in which they are mounted. /dev itself is device::makeDeviceTree().
std::vector<Filesystem> standardFilesystems();

// Paths of proc and sysfs that a container must not read (covered), or not write (read-only). As docker's.
const std::vector<std::string>& maskedPaths();
const std::vector<std::string>& readOnlyPaths();

// `host:container[:ro|:rw]` as -v takes it; both absolute, neither empty.
struct BindArgument {
    std::string source;
    std::string target;
    bool readOnly = false;
    bool operator==(const BindArgument&) const = default;
};
Result<BindArgument> parseBind(const std::string& argument);
// The part that everybody who takes a bind checks: absolute paths, a target that is not "/".
Result<> validateBind(const std::string& source, const std::string& target);

// A detached copy of an open file or directory of the host, with nosuid and nodev and, when asked, read-only, together
// with all that is mounted below it. `idMap`, when valid, is a user namespace for an ID-mapped mount; a file system that
// cannot be mapped is left unmapped.
Result<UniqueFd> cloneBind(BorrowedFd source, bool readOnly, BorrowedFd idMap);

} // namespace rocker::mount
