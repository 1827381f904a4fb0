#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/seccomp/seccomp.h"

#include <optional>
#include <string>
#include <string_view>

// Compiled programs kept in a directory: compiling one of docker's size costs milliseconds, finding it microseconds.
//
// A file holds the whole input that it was made from and the program. Its name is only a hash of the input, with which
// nothing is decided: a hit is the same input byte by byte, in a regular file that belongs to the effective user, that
// nobody else may write, whose checksum is right and whose program is one that the kernel could take. Anything else is
// a miss, and is replaced. Files are put in place by rename(2), without fsync(2): what a crash leaves fails the
// checksum.
namespace rocker::seccomp {

inline constexpr const char* cacheDirectoryName = ".seccomp"; // no container can be called so
inline constexpr std::size_t maximumCacheEntries = 64; // the oldest go first

// The directory cacheDirectoryName in `stateRoot`, made with mode 0700 when missing. PermissionDenied when it belongs
// to another user or others may write there.
Result<UniqueFd> openCache(BorrowedFd stateRoot);

// What a profile's program depends on: the profile (`text` when given, else its members), the version of libseccomp,
// the architecture, the version of this code. Bytes, not for people.
std::string cacheKey(const spec::Seccomp& profile, std::string_view text, UnknownSyscalls unknown);

std::optional<Filter> findCached(BorrowedFd cache, std::string_view key);
Result<> storeCached(BorrowedFd cache, std::string_view key, const Filter& filter);

} // namespace rocker::seccomp
