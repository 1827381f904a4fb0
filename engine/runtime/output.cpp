#include "engine/runtime/output.h"

#include "engine/os/file.h"

#include <unistd.h>

namespace rocker::runtime {

Result<> print(std::string_view text)
{
    TRY(os::writeAll(BorrowedFd(STDOUT_FILENO), text), "write to standard output");
    return {};
}

} // namespace rocker::runtime
