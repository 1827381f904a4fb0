#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

namespace rocker::archive {

enum class EntryType { Regular, HardLink, Symlink, CharDevice, BlockDevice, Directory, Fifo };

// One member of a tar archive with everything that its extended headers say, already checked for its range.
struct TarEntry {
    EntryType type = EntryType::Regular;
    std::string name;       // as written: may be absolute, may climb
    std::string linkTarget; // of links
    std::uint32_t mode = 0; // permission bits, 07777
    std::uint32_t uid = 0;  // never (uid_t)-1, which chown(2) takes for "leave it"
    std::uint32_t gid = 0;
    std::uint32_t deviceMajor = 0;
    std::uint32_t deviceMinor = 0;
    std::uint64_t size = 0; // of the file as it is to be, holes included
    timespec modified{};
    std::vector<std::pair<std::string, std::string>> xattrs; // names with their namespace, "user.x"
};

} // namespace rocker::archive
