#include "engine/rootfs/rootfs.h"

#include "engine/os/file.h"

#include <linux/openat2.h>

namespace rocker {

namespace {

constexpr std::uint64_t inRoot = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;

std::vector<std::string> stepsOf(const std::string& path)
{
    std::vector<std::string> steps;
    for (std::size_t start = 0; start < path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        if (const std::string step = path.substr(start, end - start); !step.empty() && step != ".")
            steps.push_back(step);
        start = end + 1;
    }
    return steps;
}

std::string joined(const std::vector<std::string>& steps, std::size_t count)
{
    std::string path = "/";
    for (std::size_t i = 0; i < count; ++i)
        path += (i ? "/" : "") + steps[i];
    return path;
}

bool isMissing(const Result<UniqueFd>& result)
{
    return !result && result.error().errnum == ENOENT;
}

} // namespace

Result<UniqueFd> Rootfs::open(const std::string& path) const
{
    return os::openResolved(m_root, path, O_PATH, inRoot);
}

Result<UniqueFd> Rootfs::openForReading(const std::string& path) const
{
    return os::openResolved(m_root, path, O_RDONLY | O_NONBLOCK, inRoot);
}

// Each step is resolved from the root again, so that a link on the way means what it means to the container; what is
// missing is made in its parent, whose own path has been resolved already.
Result<UniqueFd> Rootfs::makeParents(const std::vector<std::string>& steps, std::size_t count) const
{
    UniqueFd directory = TRY(os::openResolved(m_root, "/", O_PATH | O_DIRECTORY, inRoot));
    for (std::size_t i = 1; i <= count; ++i) {
        const std::string path = joined(steps, i);
        auto next = os::openResolved(m_root, path, O_PATH | O_DIRECTORY, inRoot);
        if (isMissing(next)) {
            if (steps[i - 1] == "..")
                return next;
            TRY(os::makeDirectory(directory, steps[i - 1], 0755), "make '{}' in the container", path);
            next = os::openResolved(m_root, path, O_PATH | O_DIRECTORY, inRoot);
        }
        directory = TRY(std::move(next), "open '{}' in the container", path);
    }
    return directory;
}

Result<UniqueFd> Rootfs::makeDirectory(const std::string& path) const
{
    const auto steps = stepsOf(path);
    return makeParents(steps, steps.size());
}

Result<UniqueFd> Rootfs::makeFile(const std::string& path) const
{
    const auto steps = stepsOf(path);
    if (steps.empty() || steps.back() == "..")
        return fail(ErrorCode::InvalidArgument, "'{}' is no path of a file", path);
    auto found = open(path);
    if (!isMissing(found))
        return found;
    const UniqueFd parent = TRY(makeParents(steps, steps.size() - 1));
    // O_EXCL does not follow a dangling link at the end; such a link is refused here rather than filled in elsewhere.
    TRY(os::open(parent, steps.back(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644), "make '{}' in the container", path);
    return open(path);
}

} // namespace rocker
