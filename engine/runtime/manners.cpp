#include "engine/runtime/manners.h"

#include "engine/os/file.h"

#include <algorithm>
#include <charconv>
#include <unistd.h>

namespace rocker::runtime {

namespace {

// Its lines are: the id inside, the one outside, how many (user_namespaces(7)).
Result<std::vector<spec::IdMapping>> ownIds(const char* path)
{
    const std::string map = TRY(os::readFile(path), "read '{}'", path);
    std::vector<std::uint32_t> numbers;
    const char* const end = map.data() + map.size();
    for (const char* at = map.data(); at < end;) {
        std::uint32_t number = 0;
        const auto [next, error] = std::from_chars(at, end, number);
        if (error == std::errc())
            numbers.push_back(number);
        at = std::max(next, at + 1);
    }
    std::vector<spec::IdMapping> ids;
    for (std::size_t i = 0; i + 2 < numbers.size(); i += 3)
        ids.push_back({numbers[i], numbers[i], numbers[i + 2]});
    return ids;
}

} // namespace

Result<> addDefaultIdMaps(spec::Spec& spec)
{
    if (!spec.platform)
        return {};
    spec::Linux& platform = *spec.platform;
    const auto user = std::ranges::find(platform.namespaces, "user", &spec::Namespace::type);
    if (user == platform.namespaces.end() || !user->path.empty())
        return {};
    const bool root = ::geteuid() == 0;
    if (platform.uidMappings.empty())
        platform.uidMappings = root ? TRY(ownIds("/proc/self/uid_map")) : std::vector{spec::IdMapping{0, ::geteuid(), 1}};
    if (platform.gidMappings.empty())
        platform.gidMappings = root ? TRY(ownIds("/proc/self/gid_map")) : std::vector{spec::IdMapping{0, ::getegid(), 1}};
    return {};
}

void dropImpossibleAmbient(spec::Process& process)
{
    if (process.capabilities)
        std::erase_if(process.capabilities->ambient, [&](const std::string& name) {
            return !std::ranges::contains(process.capabilities->inheritable, name);
        });
}

} // namespace rocker::runtime
