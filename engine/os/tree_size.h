#pragma once

#include <cstdint>
#include <string>

namespace rocker::os {

// Bytes on disk of everything below a directory, a file with several names once; no link is followed and no other file
// system entered. What disappears or cannot be read meanwhile is not counted. Changes the working directory while it
// works: for a process that does nothing else.
std::int64_t treeSize(const std::string& directory);

} // namespace rocker::os
