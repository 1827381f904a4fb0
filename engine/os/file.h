#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <cstdint>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

// Files and directories by descriptor: one thin function per system call, errno as the error. Every descriptor made
// here is close-on-exec.
namespace rocker::os {

inline constexpr BorrowedFd currentDirectory{AT_FDCWD};

// open(2), openat(2); `flags` without O_CLOEXEC.
Result<UniqueFd> open(BorrowedFd directory, const std::string& path, int flags, mode_t mode = 0);
Result<UniqueFd> open(const std::string& path, int flags, mode_t mode = 0);
// openat2(2) with the RESOLVE_… rules in `resolve`.
Result<UniqueFd> openResolved(BorrowedFd directory, const std::string& path, std::uint64_t flags, std::uint64_t resolve,
                              mode_t mode = 0);
Result<UniqueFd> duplicate(BorrowedFd fd);

// mkdirat(2); an existing directory is fine.
Result<> makeDirectory(BorrowedFd directory, const std::string& path, mode_t mode);
// Like mkdir -p; parents get `mode` as well.
Result<> makeDirectories(const std::string& path, mode_t mode);
Result<> makeNode(BorrowedFd directory, const std::string& path, mode_t mode, dev_t device);
Result<> makeSymlink(const std::string& target, BorrowedFd directory, const std::string& path);
Result<> remove(BorrowedFd directory, const std::string& path);
Result<> removeDirectory(BorrowedFd directory, const std::string& path);
Result<> rename(BorrowedFd fromDirectory, const std::string& from, BorrowedFd toDirectory, const std::string& to);
// A directory and everything in it, by descriptors, never through a symbolic link or into another mount's file
// system. Missing is fine.
Result<> removeTree(BorrowedFd directory, const std::string& path);

Result<> changeMode(BorrowedFd directory, const std::string& path, mode_t mode);
Result<> changeOwner(BorrowedFd directory, const std::string& path, uid_t uid, gid_t gid);
Result<struct stat> status(BorrowedFd fd);
// A link at the end of the path is looked at itself, or what it leads to.
enum class Links { NoFollow, Follow };
Result<struct stat> status(BorrowedFd directory, const std::string& path, Links links = Links::NoFollow);
// Where the descriptor leads, as the kernel names it (proc_pid_fd(5)).
Result<std::string> pathOf(BorrowedFd fd);
bool exists(BorrowedFd directory, const std::string& path);

// Names in a directory, without . and .., in no order.
Result<std::vector<std::string>> listDirectory(BorrowedFd directory, const std::string& path);

// The whole file, at most `limit` bytes; longer is an error.
Result<std::string> readFile(BorrowedFd directory, const std::string& path, std::size_t limit = 16 << 20);
Result<std::string> readFile(const std::string& path, std::size_t limit = 16 << 20);
// From where the descriptor stands to the end of the file.
Result<std::string> readAll(BorrowedFd fd, std::size_t limit);
// One write(2): for /proc, /sys and cgroup files, where a write is a command.
Result<> writeControlFile(BorrowedFd directory, const std::string& path, std::string_view text);
Result<> writeAll(BorrowedFd fd, std::string_view bytes);
// Temporary file, fsync, rename: the file is the old or the new one, never between.
Result<> replaceFile(BorrowedFd directory, const std::string& name, std::string_view contents, mode_t mode);

} // namespace rocker::os
