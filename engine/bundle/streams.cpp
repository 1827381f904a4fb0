#include "engine/bundle/streams.h"

#include "engine/os/file.h"

#include <fcntl.h>

namespace rocker::bundle {

Result<container::StandardStreams> callersStreams()
{
    container::StandardStreams streams;
    for (auto [fd, stream] : {std::pair{0, &streams.input}, std::pair{1, &streams.output}, std::pair{2, &streams.errorOutput}})
        if (::fcntl(fd, F_GETFD) >= 0)
            *stream = TRY(os::duplicate(BorrowedFd(fd)));
    return streams;
}

} // namespace rocker::bundle
