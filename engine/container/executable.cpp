#include "engine/container/executable.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rocker::container {

namespace {

// 0, or the errno that execve(2) would give.
int whyNotExecutable(const std::string& file)
{
    struct stat status;
    if (::stat(file.c_str(), &status) != 0 || ::faccessat(AT_FDCWD, file.c_str(), X_OK, AT_EACCESS) != 0)
        return errno;
    if (S_ISDIR(status.st_mode))
        return EISDIR;
    return S_ISREG(status.st_mode) ? 0 : EACCES;
}

} // namespace

Result<std::string> findExecutable(const std::string& name, std::string_view path)
{
    int denied = 0;
    if (name.contains('/')) {
        denied = whyNotExecutable(name);
        if (denied == 0)
            return name;
        const ErrorCode code = denied == ENOENT || denied == ENOTDIR ? ErrorCode::CommandNotFound : ErrorCode::CommandNotExecutable;
        return fail(Error::fromErrno(denied).in(std::format("exec: \"{}\"", name)).as(code));
    }
    for (bool more = !name.empty(); more;) {
        const std::size_t colon = path.find(':');
        const std::string directory(path.substr(0, colon));
        more = colon != std::string_view::npos;
        path.remove_prefix(more ? colon + 1 : path.size());

        std::string file = (directory.empty() ? "." : directory) + "/" + name;
        const int why = whyNotExecutable(file);
        if (why == 0)
            return file;
        // A directory of that name is passed over, as execvp(3) does.
        if (why == EACCES)
            denied = why;
    }
    if (denied != 0)
        return fail(Error::fromErrno(denied).in(std::format("exec: \"{}\"", name)).as(ErrorCode::CommandNotExecutable));
    return fail(Error{ErrorCode::CommandNotFound, ENOENT, std::format("exec: \"{}\": executable file not found in $PATH", name)});
}

} // namespace rocker::container
