#include "helper/cli/download.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rocker::cli {

namespace {

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

Result<> saveInto(const Context& context, const protocol::SaveImages::Parameters& parameters, int descriptor)
{
    const auto write = [descriptor](std::string_view piece) { return writeFully(descriptor, piece); };
    return download<protocol::SaveImages>(context, parameters, write);
}

// A file is written beside what it is to be, until all of it is there; a device or a pipe is written into.
Result<> saveTo(const Context& context, const protocol::SaveImages::Parameters& parameters, const std::string& path)
{
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
        const UniqueFd opened(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        if (!opened.valid())
            return fail(Error::fromErrno(errno).in(std::format("open '{}'", path)));
        return saveInto(context, parameters, opened.value());
    }
    std::string temporary = path + ".XXXXXX";
    const UniqueFd file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!file.valid())
        return fail(Error::fromErrno(errno).in(std::format("make '{}'", temporary)));
    auto saved = saveInto(context, parameters, file.value());
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

Result<int> save(const Context& context, const Arguments& arguments)
{
    const protocol::SaveImages::Parameters parameters{arguments.operands()};
    const std::string path = arguments.valueOr("output", "-");
    if (path != "-")
        return TRY(saveTo(context, parameters, path), "save"), 0;
    if (::isatty(STDOUT_FILENO))
        return fail(ErrorCode::InvalidArgument, "an archive is nothing for a terminal: give a file with -o");
    return TRY(saveInto(context, parameters, STDOUT_FILENO)), 0;
}

} // namespace

Command saveCommand()
{
    return {.syntax = {.names = {"save", "image save"},
                       .operands = "IMAGE…",
                       .summary = "Write images as one tar that is an OCI layout and a docker-archive.",
                       .options = {{'o', "output", "FILE", "where to, else standard output"}},
                       .fewest = 1,
                       .most = Syntax::anyNumber},
            .run = save};
}

} // namespace rocker::cli
