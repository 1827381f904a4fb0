#pragma once

#include "engine/layers/image_tree.h"
#include "engine/packages/inventory.h"

namespace rocker::packages {

// What a file of an image may tell of packages.
enum class Role : std::uint8_t {
    OsRelease,
    DpkgStatus,  // and one file of status.d
    ApkInstalled,
    RpmSqlite,
    RpmNdb,
    RpmBerkeley, // known, not read
    Python,
    Npm,
    // Of one package that is known.
    DpkgList,
    Md5sums,
    Copyright,
    PythonRecord,
};

struct Source {
    Role role = Role::DpkgStatus;
    WantedFile file;
    bool seen = false;        // the copy that the image shows; others only tell when a version came
    std::size_t package = 0;  // of the last four
};

// The files of an image that tell of packages, by what they are called and where they are: each copy of each layer, those
// of the lower layers first.
std::vector<Source> findSources(const layers::ImageTree& tree, std::vector<std::string>& notes);

} // namespace rocker::packages
