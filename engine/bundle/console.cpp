#include "engine/bundle/console.h"

#include "engine/os/file.h"
#include "engine/os/socket.h"

namespace rocker::bundle {

Result<UniqueFd> connectToPath(const std::string& path, int type)
{
    const std::size_t slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const UniqueFd parent = TRY(os::open(directory, O_PATH | O_DIRECTORY), "open '{}'", directory);
    return TRY(os::connectTo(parent, slash == std::string::npos ? path : path.substr(slash + 1), type), "connect to '{}'", path);
}

Result<> sendConsole(const std::string& socketPath, BorrowedFd master)
{
    const UniqueFd socket = TRY(connectToPath(socketPath, SOCK_STREAM), "console socket");
    return TRY(os::sendMessage(socket, "/dev/ptmx", {master}), "console socket '{}'", socketPath), Result<>{};
}

} // namespace rocker::bundle
