#include "engine/bundle/console.h"

#include "engine/os/file.h"
#include "engine/os/socket.h"
#include "engine/os/syscall.h"

#include <termios.h>

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

Result<UniqueFd> handOver(UniqueFd master, const std::string& socketPath)
{
    if (!socketPath.empty()) {
        TRY(sendConsole(socketPath, master));
        return UniqueFd();
    }
    termios settings{};
    TRY(os::checkDone(::tcgetattr(master.value(), &settings)), "read the terminal's settings");
    settings.c_oflag &= ~tcflag_t(ONLCR);
    TRY(os::checkDone(::tcsetattr(master.value(), TCSANOW, &settings)), "set the terminal's settings");
    return master;
}

} // namespace rocker::bundle
