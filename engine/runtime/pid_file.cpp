#include "engine/runtime/pid_file.h"

#include "engine/os/file.h"
#include "engine/os/socket.h"

#include <unistd.h>

namespace rocker::runtime {

Result<std::string> absolutePath(const std::string& path)
{
    if (path.starts_with('/'))
        return path;
    char* current = ::getcwd(nullptr, 0);
    if (!current)
        return fail(Error::fromErrno(errno).in("find the current directory"));
    const std::string directory(current);
    ::free(current);
    return directory == "/" ? directory + path : directory + "/" + path;
}

Result<> writePidFile(const std::string& path, pid_t pid)
{
    const std::size_t slash = path.rfind('/') + 1;
    const std::string temporary = path.substr(0, slash) + "." + path.substr(slash);
    const UniqueFd file = TRY(os::open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0666), "write the pid file '{}'", path);
    auto written = os::writeAll(file, std::to_string(pid));
    if (written)
        written = os::rename(os::currentDirectory, temporary, os::currentDirectory, path);
    if (!written)
        (void)os::remove(os::currentDirectory, temporary);
    TRY(std::move(written), "write the pid file '{}'", path);
    return {};
}

Result<> sendPidfd(const std::string& socketPath, int pidfd)
{
    const std::size_t slash = socketPath.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : socketPath.substr(0, slash + 1);
    const UniqueFd directory = TRY(os::open(folder, O_PATH | O_DIRECTORY), "open '{}'", folder);
    const std::string name = slash == std::string::npos ? socketPath : socketPath.substr(slash + 1);
    const UniqueFd socket = TRY(os::connectTo(directory, name, SOCK_STREAM), "connect to '{}'", socketPath);
    TRY(os::sendMessage(socket, "pidfd", {BorrowedFd(pidfd)}), "send a pidfd to '{}'", socketPath);
    return {};
}

} // namespace rocker::runtime
