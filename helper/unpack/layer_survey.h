#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/layers/record.h"

#include <string>
#include <sys/types.h>
#include <unordered_map>
#include <unordered_set>

namespace rocker::unpack {

// What of an unpacked layer its files do not tell, by inode.
struct LayerNotes {
    std::unordered_map<ino_t, layers::ContentId> contents; // of regular files
    std::unordered_set<ino_t> attributed; // what has attributes that an image may have
    std::unordered_set<ino_t> named; // directories that had an entry, as opposed to those that something in them implied
};

// The index (engine/layers) of the layer that lies unpacked at `root`. Kinds, owners, modes, times, links and marks are
// read where they lie, so that the index says what there is and not what entries were meant to do; no content is read.
Result<std::string> surveyLayer(BorrowedFd root, const LayerNotes& notes);

// The same of a container's changes, which nobody has unpacked: every directory counts as named, and the ids of contents,
// for which everything would have to be read, are zero.
Result<std::string> surveyChanges(BorrowedFd root);

} // namespace rocker::unpack
