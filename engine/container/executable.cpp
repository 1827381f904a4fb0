#include "engine/container/executable.h"

#include "engine/base/text.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rocker::container {

namespace {

Error refused(const std::string& name, int errnum)
{
    const bool missing = errnum == ENOENT || errnum == ENOTDIR;
    return {missing ? ErrorCode::CommandNotFound : ErrorCode::CommandNotExecutable, errnum,
            std::format("exec: \"{}\": {}", name, reasonOf(errnum))};
}

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
    if (name.contains('/')) {
        const int why = whyNotExecutable(name);
        return why == 0 ? Result<std::string>(name) : fail(refused(name, why));
    }
    int denied = 0;
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
        return fail(refused(name, denied));
    return fail(Error{ErrorCode::CommandNotFound, ENOENT, std::format("exec: \"{}\": executable file not found in $PATH", name)});
}

} // namespace rocker::container
