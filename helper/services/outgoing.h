#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <cstdint>
#include <functional>
#include <string_view>

// What a child of the helper sends to a client over an upgraded connection, at the client's own pace. A client that does
// not read for a minute is given up (Unavailable).
namespace rocker {

Result<> sendAll(BorrowedFd socket, std::string_view bytes);
// `size` bytes of a file from its start, in Output frames.
Result<> sendFile(BorrowedFd socket, BorrowedFd file, std::uint64_t size);
// What `send` sends, then its last frame: End, or Failed with the reason.
Result<> sendToItsEnd(BorrowedFd socket, const std::function<Result<>()>& send);

} // namespace rocker
