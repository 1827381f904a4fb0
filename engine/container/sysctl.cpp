#include "engine/container/sysctl.h"

#include "engine/os/file.h"
#include "engine/os/procfs.h"

#include <algorithm>

namespace rocker::container {

namespace {

const spec::Namespace* find(const spec::Linux& configuration, std::string_view type)
{
    const auto found = std::ranges::find(configuration.namespaces, type, &spec::Namespace::type);
    return found == configuration.namespaces.end() ? nullptr : &*found;
}

// Whether the network namespace is another than the caller's: one may be joined by path.
Result<bool> hasOwnNetwork(const spec::Linux& configuration)
{
    const spec::Namespace* const network = find(configuration, "network");
    if (!network || network->path.empty())
        return network != nullptr;
    const UniqueFd joined = TRY(os::open(network->path, O_PATH), "open '{}'", network->path);
    const UniqueFd own = TRY(os::open("/proc/self/ns/net", O_PATH), "open '/proc/self/ns/net'");
    const struct stat left = TRY(os::status(joined));
    const struct stat right = TRY(os::status(own));
    return left.st_dev != right.st_dev || left.st_ino != right.st_ino;
}

constexpr std::string_view ipcParameters[]{"kernel/msgmax", "kernel/msgmnb", "kernel/msgmni", "kernel/sem",
                                           "kernel/shmall", "kernel/shmmax", "kernel/shmmni", "kernel/shm_rmid_forced"};

Result<> check(const spec::Spec& spec, const std::string& name, const std::string& value)
{
    const spec::Linux& configuration = *spec.platform;
    const std::string path = TRY(sysctlPath(name));
    const auto needs = [&](const char* type) -> Result<> {
        if (find(configuration, type))
            return {};
        return fail(ErrorCode::InvalidArgument, "is not allowed without an {} namespace of the container's own", type);
    };
    if (std::ranges::contains(ipcParameters, path) || path.starts_with("fs/mqueue/"))
        return needs("ipc");
    if (path.starts_with("net/")) {
        if (TRY(hasOwnNetwork(configuration)))
            return {};
        return fail(ErrorCode::InvalidArgument, "is not allowed in the host's network namespace");
    }
    if (path.starts_with("user/"))
        return needs("user");
    if (path == "kernel/domainname") {
        if (!spec.domainname.empty() && spec.domainname != value)
            return fail(ErrorCode::InvalidArgument, "conflicts with the key 'domainname'");
        return needs("uts");
    }
    if (path == "kernel/hostname")
        return fail(ErrorCode::InvalidArgument, "is not allowed, as it conflicts with the key 'hostname'");
    return fail(ErrorCode::InvalidArgument, "is not in a separate kernel namespace");
}

} // namespace

Result<> checkSysctls(const spec::Spec& spec)
{
    if (spec.platform)
        for (const auto& [name, value] : spec.platform->sysctl)
            TRY(check(spec, name, value), "linux.sysctl: sysctl \"{}\"", name);
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
