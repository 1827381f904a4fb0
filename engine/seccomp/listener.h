#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <chrono>
#include <string>
#include <string_view>
#include <sys/types.h>

// The way of a notify listener (seccomp_unotify(2)) from the process that loads the filter to the agent that answers
// (runtime-spec config-linux.md, "The Container Process State"). The process may be able to do little once its filter
// holds, and execve(2) closes the listener, so:
//
//     parent:  connectListener(listenerPath)              before anything is made: no agent, no container
//     process: load(filter)
//     process: offerListener(channel, listener)           writes its number, waits until it has been taken
//     parent:  takeListener(channel, pidfd)               fetches it by pidfd_getfd(2), and lets the process go on
//     parent:  sendListener(connection, listener, state)  the process may already be waiting for the agent's answers
//
// `channel` is a connected Unix socket of SOCK_STREAM or SOCK_SEQPACKET that nothing else is under way on. The process
// uses write(2) and read(2) only. A rule may have read, close and execve notify: the agent answers when it has the
// listener. It must not have write notify (validate() refuses that, as runc does): the number would never arrive.
namespace rocker::seccomp {

// An absolute path, or "@name" for the abstract namespace; SOCK_STREAM. Unavailable: "failed to connect with seccomp
// agent …".
Result<UniqueFd> connectListener(const std::string& path);

// In the process. Closes the listener when it has been taken. Allocates nothing unless it fails; a parent that is gone
// means SIGPIPE.
Result<> offerListener(BorrowedFd channel, UniqueFd listener);

// In the parent: waits at most `patience`. Where pidfd_getfd(2) is refused (an unprivileged parent of an undumpable
// process) it asks the process to send the descriptor, by sendmsg(2); then neither read nor sendmsg may notify, and a
// profile that has them do so is an error when the patience is over. The process is the caller's to end.
Result<UniqueFd> takeListener(
    BorrowedFd channel, BorrowedFd process, std::chrono::milliseconds patience = std::chrono::seconds(10));

// The container process state: `pid` of the process as the runtime sees it, `state` the JSON text of the container's
// state (runtime.md "State").
std::string containerProcessState(
    std::string_view ociVersion, pid_t pid, std::string_view metadata, std::string_view state);

// One state for one connection, the listener with its first byte; closes the connection.
Result<> sendListener(UniqueFd connection, BorrowedFd listener, std::string_view state);

} // namespace rocker::seccomp
