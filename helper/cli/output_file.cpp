#include "helper/cli/output_file.h"

#include "engine/base/unique_fd.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rocker::cli {

Result<> writeFully(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR)
            return fail(Error::fromErrno(errno).in("write"));
        bytes.remove_prefix(std::size_t(std::max<ssize_t>(count, 0)));
    }
    return {};
}

Result<> writeOutput(const std::string& path, const std::function<Result<>(int descriptor)>& write)
{
    if (path == "-")
        return write(STDOUT_FILENO);
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
        const UniqueFd opened(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        if (!opened.valid())
            return fail(Error::fromErrno(errno).in(std::format("open '{}'", path)));
        return write(opened.value());
    }
    std::string temporary = path + ".XXXXXX";
    const UniqueFd file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!file.valid())
        return fail(Error::fromErrno(errno).in(std::format("make '{}'", temporary)));
    // Beside what it is to be, until all of it is there.
    auto saved = write(file.value());
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (saved
        && (::fchmod(file.value(), 0666 & ~mask) != 0 || ::fsync(file.value()) != 0
            || ::rename(temporary.c_str(), path.c_str()) != 0))
        saved = fail(Error::fromErrno(errno).in(std::format("keep '{}'", path)));
    if (!saved)
        ::unlink(temporary.c_str());
    return saved;
}

} // namespace rocker::cli
