#include "engine/runtime/inherited_fds.h"

#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace rocker::runtime {

static constexpr std::int64_t mostFds = 1 << 20;

static std::string_view variable(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

// So that nothing of ours gets a number that the command is to find closed.
static Result<> occupy(int number)
{
    UniqueFd nothing = TRY(os::open("/dev/null", O_PATH));
    if (nothing.value() != number)
        return os::checkDone(::dup3(nothing.value(), number, O_CLOEXEC));
    (void)nothing.release();
    return {};
}

Result<InheritedFds> findInheritedFds(const Arguments& arguments, Missing missing)
{
    InheritedFds fds;
    // For this very process, or for whom it likes when nobody is named.
    const std::string_view pid = variable("LISTEN_PID");
    if (const std::string_view listen = variable("LISTEN_FDS"); !listen.empty() && (pid.empty() || pid == std::to_string(::getpid()))) {
        fds.count = unsigned(TRY(parseNumber(listen, 0, mostFds), "LISTEN_FDS"));
        fds.environment = {std::format("LISTEN_FDS={}", fds.count), "LISTEN_PID=1"};
        if (const std::string_view names = variable("LISTEN_FDNAMES"); !names.empty())
            fds.environment.push_back(std::format("LISTEN_FDNAMES={}", names));
    }
    const std::int64_t preserved = TRY(arguments.number("preserve-fds", 0, mostFds)).value_or(0);
    const unsigned first = 3 + fds.count;
    std::vector<int> closed;
    for (std::int64_t i = 0; i < preserved; ++i) {
        const int fd = int(first + i);
        if (::fcntl(fd, F_GETFD) >= 0)
            fds.count = unsigned(fd) - 2;
        else if (missing == Missing::Refuse)
            return fail(ErrorCode::InvalidArgument, "unable to stat preserved-fd {} (of {}): it is not open", i, preserved);
        else
            closed.push_back(fd);
    }
    for (const int fd : closed)
        if (unsigned(fd) < 3 + fds.count)
            TRY(occupy(fd), "keep descriptor {} free", fd);
    return fds;
}

} // namespace rocker::runtime
