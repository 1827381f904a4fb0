#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <sys/types.h>
#include <vector>

namespace rocker::os {

// A child process: its pid for who must write it into a file, its pidfd for everything else (signals, waiting).
struct Child {
    pid_t pid = 0;   // 0 in the child itself
    UniqueFd pidfd;  // not valid in the child
};

// clone3(2) without shared memory: returns twice, as fork(2). `flags` are CLONE_NEW… and CLONE_PARENT; `cgroup`, when
// valid, is a cgroup v2 directory to be born in.
Result<Child> cloneProcess(std::uint64_t flags, BorrowedFd cgroup = BorrowedFd(-1));

Result<UniqueFd> openPidfd(pid_t pid);
Result<> sendSignal(BorrowedFd pidfd, int signal);

// How a child ended: the exit status, or 128 + N for a death by signal N.
struct ExitStatus {
    int code = 0;
    int signal = 0;
};
Result<ExitStatus> reap(BorrowedFd pidfd);

Result<> enterNamespaces(BorrowedFd pidfdOrNamespace, int flags);
Result<> unshare(int flags);

// Closes every descriptor from 3 up except the kept ones (close_range(2)).
void closeAllExcept(std::initializer_list<int> kept);
void closeAllExcept(std::vector<int> kept);
// Default dispositions and an empty mask: a program must not inherit what its starter ignores (signal(7)).
void resetSignals();

struct Pipe {
    UniqueFd readEnd;
    UniqueFd writeEnd;
};
Result<Pipe> makePipe();

std::vector<char*> pointersOf(std::vector<std::string>& strings);

} // namespace rocker::os
