#include "engine/container/sysctl.h"

#include "engine/os/file.h"
#include "engine/os/procfs.h"

#include <algorithm>

namespace rocker::container {

namespace {

Result<bool> isOwnNetwork(const std::string& path)
{
    const UniqueFd joined = TRY(os::open(path, O_PATH), "open '{}'", path);
    const UniqueFd own = TRY(os::open("/proc/self/ns/net", O_PATH), "open '/proc/self/ns/net'");
    const struct stat left = TRY(os::status(joined));
    const struct stat right = TRY(os::status(own));
    return left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

} // namespace

Result<> checkSysctls(const spec::Spec& spec)
{
    if (!spec.platform)
        return {};
    const auto network = std::ranges::find(spec.platform->namespaces, "network", &spec::Namespace::type);
    if (network == spec.platform->namespaces.end() || network->path.empty())
        return {};
    for (const auto& [name, value] : spec.platform->sysctl)
        if (TRY(sysctlPath(name)).starts_with("net/") && TRY(isOwnNetwork(network->path)))
            return fail(ErrorCode::InvalidArgument, "linux.sysctl.{}: sysctl '{}' not allowed in host network namespace", name, name);
    return {};
}

Result<std::string> sysctlPath(std::string_view name)
{
    std::string path(name);
    const std::size_t separator = path.find_first_of("./");
    if (separator != std::string::npos && path[separator] == '.')
        for (char& c : path)
            c = c == '.' ? '/' : c == '/' ? '.' : c;
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        const std::string_view part = std::string_view(path).substr(start, end - start);
        if (part.empty() || part == "." || part == "..")
            return fail(ErrorCode::InvalidArgument, "'{}' is no name of a kernel parameter", name);
        start = end + 1;
    }
    return path;
}

Result<> writeSysctls(BorrowedFd procfs, const std::map<std::string, std::string>& sysctls)
{
    for (const auto& [name, value] : sysctls)
        TRY(os::writeInProcfs(procfs, "sys/" + TRY(sysctlPath(name)), value), "set the sysctl '{}'", name);
    return {};
}

} // namespace rocker::container
