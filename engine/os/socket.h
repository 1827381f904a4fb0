#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <string>
#include <string_view>
#include <sys/socket.h>
#include <utility>
#include <vector>

// Unix sockets and descriptors over them (unix(7)); close-on-exec throughout.
namespace rocker::os {

// `type` as in socketpair(2): SOCK_STREAM or SOCK_SEQPACKET.
Result<std::pair<UniqueFd, UniqueFd>> makeSocketPair(int type);
// Listens at `name` in `directory`, whatever the length of the whole path; an old socket there is replaced.
Result<UniqueFd> listenAt(BorrowedFd directory, const std::string& name, int type, mode_t mode);
Result<UniqueFd> connectTo(BorrowedFd directory, const std::string& name, int type);

struct Message {
    std::string bytes; // empty at the end of the connection
    std::vector<UniqueFd> fds;
};
// One message of a SOCK_SEQPACKET socket, sent whole or not at all; never raises SIGPIPE.
Result<> sendMessage(BorrowedFd socket, std::string_view bytes, const std::vector<BorrowedFd>& fds = {}, int flags = 0);
// One message, at most `limit` bytes and `maximumFds` descriptors; more of either is an error.
Result<Message> receiveMessage(BorrowedFd socket, std::size_t limit, std::size_t maximumFds = 0, int flags = 0);

} // namespace rocker::os
