#pragma once

#include "engine/base/unique_fd.h"
#include "engine/image/worker_messages.h"

namespace rocker::unpack {

// An image of the root file system whose tar, compressed or not, is the file `tar` (`size` bytes): one layer, the bytes as
// they are, and a configuration that says what `edits` say. Made when its newest file was: the same tar is the same image.
Result<image::ArchivedImage> rootImage(const image::IndexRequest& request, BorrowedFd tar, std::int64_t size);

} // namespace rocker::unpack
