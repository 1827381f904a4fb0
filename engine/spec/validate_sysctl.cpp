#include "engine/spec/checks.h"

#include <algorithm>
#include <array>

namespace rocker::spec {

// With dots between the parts, whichever of the two spellings it is: a name that begins with a part and a slash has
// slashes for dots and dots for slashes (sysctl.d(5)).
static std::string dotted(std::string name)
{
    const std::size_t first = name.find_first_of("./");
    if (first != std::string::npos && name[first] == '/')
        for (char& c : name)
            c = c == '.' ? '/' : c == '/' ? '.' : c;
    return name;
}

// /proc/sys belongs to the machine but for the parts that namespaces have of their own (namespaces(7) and the pages it
// names): only those may be set.
Result<> validateSysctl(std::string_view at, const Linux& platform, std::string_view domainname)
{
    static constexpr std::array<std::string_view, 8> ofIpc{"kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem",
                                                           "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced"};
    for (const auto& [key, value] : platform.sysctl) {
        const std::string path = std::format("{}.{}", at, key);
        const std::string name = dotted(key);
        TRY(checkText(path, key));
        TRY(checkText(path, value));
        if (("." + name + ".").contains("...") || name.contains("//") || name.contains(".."))
            return wrong(path, "is not the name of a setting");
        if (isOneOf(name, ofIpc) || name.starts_with("fs.mqueue.")) {
            if (!hasNamespace(platform, "ipc"))
                return wrong(path, "sysctl '{}' is not allowed in the hosts ipc namespace", name);
        } else if (name.starts_with("net.")) {
            if (!hasNamespace(platform, "network"))
                return wrong(path, "sysctl '{}' not allowed in host network namespace", name);
        } else if (name.starts_with("user.")) {
            if (!hasNamespace(platform, "user"))
                return wrong(path, "setting ucounts without a user namespace not allowed: {}", name);
        } else if (name == "kernel.domainname" && hasNamespace(platform, "uts")) {
            if (!domainname.empty() && domainname != value)
                return wrong(path, "sysctl '{}' conflicts with the OCI 'domainname' field", name);
        } else if (name == "kernel.hostname" && hasNamespace(platform, "uts")) {
            return wrong(path, "sysctl '{}' is not allowed as it conflicts with the OCI 'hostname' field", name);
        } else {
            return wrong(path, "sysctl '{}' is not in a separate kernel namespace", name);
        }
    }
    return {};
}

} // namespace rocker::spec
