#include "engine/spec/checks.h"
#include "engine/spec/names.h"

#include <array>
#include <set>

namespace rocker::spec {

static bool makesNamespace(const Linux& platform, std::string_view type)
{
    for (const Namespace& space : platform.namespaces)
        if (space.type == type)
            return space.path.empty();
    return false;
}

static Result<> validateNamespaces(const std::string& path, const Linux& platform)
{
    static constexpr std::array<std::string_view, 8> types{"pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time"};
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < platform.namespaces.size(); ++i) {
        const Namespace& space = platform.namespaces[i];
        const std::string here = std::format("{}.namespaces[{}]", path, i);
        if (!isOneOf(space.type, types))
            return wrong(here + ".type", "namespace '{}' does not exist", space.type);
        if (!seen.insert(space.type).second)
            return wrong(here + ".type", "malformed spec file: duplicated ns '{}'", space.type);
        if (!space.path.empty())
            TRY(checkAbsolute(here + ".path", space.path));
    }
    return {};
}

static Result<> validateUserNamespace(const std::string& path, const Linux& platform)
{
    const bool mapped = !platform.uidMappings.empty() || !platform.gidMappings.empty();
    if (!hasNamespace(platform, "user")) {
        if (mapped)
            return wrong(path + (platform.uidMappings.empty() ? ".gidMappings" : ".uidMappings"),
                         "user namespace mappings specified, but user namespace isn't enabled in the config");
        return {};
    }
    if (makesNamespace(platform, "user") && (platform.uidMappings.empty() || platform.gidMappings.empty()))
        return wrong(path + (platform.uidMappings.empty() ? ".uidMappings" : ".gidMappings"),
                     "user namespaces enabled, but no namespace path to join nor mappings to apply specified");
    TRY(checkMappings(path + ".uidMappings", platform.uidMappings));
    return checkMappings(path + ".gidMappings", platform.gidMappings);
}

static Result<> validateTimeNamespace(const std::string& path, const Linux& platform)
{
    if (platform.timeOffsets.empty())
        return {};
    if (!hasNamespace(platform, "time"))
        return wrong(path, "time namespace offsets specified, but time namespace isn't enabled in the config");
    if (!makesNamespace(platform, "time"))
        return wrong(path, "both namespace path and time offsets specified -- you may only provide one");
    for (const auto& [clock, offset] : platform.timeOffsets) {
        if (clock != "monotonic" && clock != "boottime")
            return wrong(path, "'{}' is neither 'monotonic' nor 'boottime'", clock);
        if (offset.nanosecs > 999'999'999)
            return wrong(std::format("{}.{}.nanosecs", path, clock), "{} is a second or more", offset.nanosecs);
    }
    return {};
}

static Result<> validateDevices(const std::string& path, const std::vector<Device>& devices)
{
    for (std::size_t i = 0; i < devices.size(); ++i) {
        const Device& device = devices[i];
        const std::string here = std::format("{}[{}]", path, i);
        if (device.type != "c" && device.type != "u" && device.type != "b" && device.type != "p")
            return wrong(here + ".type", "invalid device type '{}'", device.type);
        TRY(checkAbsolute(here + ".path", device.path));
        if (device.type != "p")
            for (const auto& [name, number, limit] : {std::tuple("major", device.major, 1 << 12),
                                                      std::tuple("minor", device.minor, 1 << 20)}) {
                if (!number)
                    return wrong(std::format("{}.{}", here, name), "is missing");
                if (*number < 0 || *number >= limit)
                    return wrong(std::format("{}.{}", here, name), "{} is no device's", *number);
            }
        if (device.fileMode && (*device.fileMode & ~0170777u))
            return wrong(here + ".fileMode", "{:#o} has more than permission bits", *device.fileMode);
    }
    return {};
}

// dev_valid_name() of the kernel.
static bool isInterfaceName(std::string_view name)
{
    return !name.empty() && name.size() < 16 && name != "." && name != ".."
        && name.find_first_of("/: \t\n\v\f\r") == std::string_view::npos && !name.contains('\0');
}

static Result<> validateNetDevices(const std::string& path, const Linux& platform)
{
    if (platform.netDevices.empty())
        return {};
    if (!hasNamespace(platform, "network"))
        return wrong(path, "unable to move network devices without a NET namespace");
    std::set<std::string> inside;
    for (const auto& [name, device] : platform.netDevices) {
        if (!isInterfaceName(name))
            return wrong(path, "invalid network device name '{}'", name);
        if (!device.name.empty() && !isInterfaceName(device.name))
            return wrong(std::format("{}.{}.name", path, name), "invalid network device name '{}'", device.name);
        if (!inside.insert(device.name.empty() ? name : device.name).second)
            return wrong(std::format("{}.{}.name", path, name), "is another device's name as well");
    }
    return {};
}

static Result<> validatePaths(const std::string& path, const Linux& platform)
{
    static constexpr std::array<std::string_view, 8> propagations{"shared",  "slave",  "private",  "unbindable",
                                                                  "rshared", "rslave", "rprivate", "runbindable"};
    if (!platform.rootfsPropagation.empty() && !isOneOf(platform.rootfsPropagation, propagations))
        return wrong(path + ".rootfsPropagation", "rootfsPropagation={} is not supported", platform.rootfsPropagation);
    for (const auto& [name, list] : {std::pair(".maskedPaths", &platform.maskedPaths),
                                     std::pair(".readonlyPaths", &platform.readonlyPaths)}) {
        if (!list->empty() && !hasNamespace(platform, "mount"))
            return wrong(path + name, "unable to restrict sys entries without a private MNT namespace");
        for (std::size_t i = 0; i < list->size(); ++i)
            TRY(checkAbsolute(std::format("{}{}[{}]", path, name, i), (*list)[i]));
    }
    TRY(checkText(path + ".mountLabel", platform.mountLabel));
    TRY(checkText(path + ".cgroupsPath", platform.cgroupsPath));
    for (std::string_view rest = platform.cgroupsPath; !rest.empty();) {
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        if (rest.substr(0, slash) == "..")
            return wrong(path + ".cgroupsPath", "must not leave its parent by '..'");
        rest.remove_prefix(std::min(slash + 1, rest.size()));
    }
    return {};
}

// set_mempolicy(2).
static Result<> validateMemoryPolicy(const std::string& path, const MemoryPolicy& policy)
{
    if (!memoryPolicyMode(policy.mode))
        return wrong(path + ".mode", "invalid memory policy mode '{}'", policy.mode);
    for (std::size_t i = 0; i < policy.flags.size(); ++i)
        if (!memoryPolicyFlag(policy.flags[i]))
            return wrong(std::format("{}.flags[{}]", path, i), "invalid memory policy flag '{}'", policy.flags[i]);
    constexpr std::uint64_t nodeLimit = 1024; // CONFIG_NODES_SHIFT at most
    const auto nodes = checkNumberList(path + ".nodes", policy.nodes, nodeLimit);
    if (!nodes)
        return wrong(path + ".nodes", "invalid memory policy nodes '{}'", policy.nodes);
    if ((policy.mode == "MPOL_DEFAULT" || policy.mode == "MPOL_LOCAL") && *nodes != 0)
        return wrong(path + ".nodes", "memory policy mode requires 0 nodes but got {}", *nodes);
    if (policy.mode != "MPOL_DEFAULT" && policy.mode != "MPOL_LOCAL" && policy.mode != "MPOL_PREFERRED" && *nodes == 0)
        return wrong(path + ".nodes", "memory policy mode requires at least one node but got 0");
    return {};
}

Result<> validateLinux(std::string_view at, const Linux& platform)
{
    const std::string path(at);
    TRY(validateNamespaces(path, platform));
    TRY(validateUserNamespace(path, platform));
    TRY(validateTimeNamespace(path + ".timeOffsets", platform));
    TRY(validateDevices(path + ".devices", platform.devices));
    TRY(validateNetDevices(path + ".netDevices", platform));
    TRY(validatePaths(path, platform));
    if (platform.personality && !personalityDomain(platform.personality->domain))
        return wrong(path + ".personality.domain", "invalid personality domain {}", platform.personality->domain);
    if (platform.personality && !platform.personality->flags.empty())
        return wrong(path + ".personality.flags", "the specification has none yet");
    if (platform.memoryPolicy)
        TRY(validateMemoryPolicy(path + ".memoryPolicy", *platform.memoryPolicy));
    if (platform.intelRdt) {
        const std::string& group = platform.intelRdt->closId;
        if (group == "." || group == ".." || (group.size() > 1 && group.contains('/')) || group.contains('\n'))
            return wrong(path + ".intelRdt.closID", "invalid intelRdt.ClosID '{}'", group);
    }
    return {};
}

} // namespace rocker::spec
