#pragma once

#include "engine/base/unique_fd.h"

#include <cstdint>
#include <fcntl.h>

namespace rocker::unpack {

// Has the disk begin with a large file while it is still being written (sync_file_range(2)): in the end everything must be
// there, and nobody waits for it earlier. For one file, written from its start to its end.
class Writeback
{
public:
    void written(BorrowedFd file, std::uint64_t end)
    {
        if (end - m_begun < step)
            return;
        (void)::sync_file_range(file.value(), off64_t(m_begun), off64_t(end - m_begun), SYNC_FILE_RANGE_WRITE);
        m_begun = end;
    }

private:
    static constexpr std::uint64_t step = 8 << 20;
    std::uint64_t m_begun = 0;
};

} // namespace rocker::unpack
