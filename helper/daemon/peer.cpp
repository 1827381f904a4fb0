#include "helper/daemon/peer.h"

#include <cerrno>
#include <sys/socket.h>

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77 // Linux 6.5; glibc's headers are older than that on Debian 12
#endif

namespace rocker {

namespace {

Result<std::vector<gid_t>> peerGroups(BorrowedFd socket)
{
    std::vector<gid_t> groups(64);
    for (;;) {
        socklen_t size = socklen_t(groups.size() * sizeof(gid_t));
        if (::getsockopt(socket.value(), SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) == 0) {
            groups.resize(size / sizeof(gid_t));
            return groups;
        }
        if (errno != ERANGE)
            return fail(Error::fromErrno(errno));
        groups.resize(size / sizeof(gid_t)); // the kernel told how many there are
    }
}

std::shared_ptr<const UniqueFd> peerProcess(BorrowedFd socket)
{
    int fd = -1;
    socklen_t size = sizeof fd;
    if (::getsockopt(socket.value(), SOL_SOCKET, SO_PEERPIDFD, &fd, &size) != 0)
        return nullptr;
    return std::make_shared<const UniqueFd>(fd);
}

} // namespace

Result<Caller> callerOf(BorrowedFd socket)
{
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket.value(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return fail(Error::fromErrno(errno).in("read the peer's credentials"));
    return Caller{.uid = credentials.uid,
                  .gid = credentials.gid,
                  .pid = credentials.pid,
                  .groups = TRY(peerGroups(socket), "read the peer's groups"),
                  .process = peerProcess(socket)};
}

} // namespace rocker
