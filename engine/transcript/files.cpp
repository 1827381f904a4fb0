#include "engine/transcript/transcript.h"

#include "engine/os/file.h"

namespace rocker::transcript {

Result<Files> open(BorrowedFd directory, Access access)
{
    // Read and write: a monitor serves readers from the files that it appends to.
    const int flags = (access == Access::Append ? O_RDWR | O_CREAT : O_RDONLY) | O_NOFOLLOW;
    UniqueFd log = TRY(os::open(directory, logName, flags, 0600), "open '{}'", logName);
    UniqueFd journal = TRY(os::open(directory, journalName, flags, 0600), "open '{}'", journalName);
    return Files{std::move(log), std::move(journal)};
}

Result<Files> openTemporary(BorrowedFd directory)
{
    UniqueFd log = TRY(os::open(directory, ".", O_TMPFILE | O_RDWR, 0600), "make an unnamed file");
    UniqueFd journal = TRY(os::open(directory, ".", O_TMPFILE | O_RDWR, 0600), "make an unnamed file");
    return Files{std::move(log), std::move(journal)};
}

} // namespace rocker::transcript
