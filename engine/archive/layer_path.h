#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace rocker::archive {

inline constexpr std::size_t layerPathLimit = 4000; // bytes: leaves room under PATH_MAX for what the path is under

// Where in a layer an entry stands: no empty, "." or ".." component; leading slashes count for nothing. The root is empty.
// Corrupt for a name that climbs (".."), is empty or has a NUL, InvalidArgument (ENAMETOOLONG) for one no file system can hold.
Result<std::vector<std::string>> layerPath(std::string_view name);

// What an entry's path means in a layer (OCI image-spec, layer.md "Whiteouts"; names of AUFS).
enum class Meaning {
    Content,  // a file or directory of its own
    Whiteout, // `path` does not exist any more in the layers below
    Opaque,   // nothing of the directory `path` in the layers below shows through
    Ignored,  // AUFS's own records, children of a whiteout
};

struct LayerName {
    Meaning meaning = Meaning::Content;
    std::vector<std::string> path;
};
Result<LayerName> layerName(std::string_view entryName);

std::string joined(const std::vector<std::string>& path);

} // namespace rocker::archive
