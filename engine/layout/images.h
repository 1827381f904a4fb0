#pragma once

#include "engine/image/worker_messages.h"
#include "engine/layout/archive_files.h"

namespace rocker::layout {

// The images of a docker-archive (manifest.json) or an OCI layout (index.json), for one architecture where the layout has
// several (empty: for all of them). Documents are read and checked against their digests; layers are only located.
Result<std::vector<image::ArchivedImage>> readImages(const ArchiveFiles& files, const std::string& architecture);

// Takes an image's configuration document: the record, and the diff IDs and steps of the layers that are in `target`.
Result<> applyConfiguration(image::ArchivedImage& target, const std::string& text);

} // namespace rocker::layout
