#include "engine/json/text.h"
#include "engine/spec/spec.h"

#include <algorithm>

namespace rocker::spec {

static Process exampleProcess()
{
    const std::vector<std::string> capabilities{"CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"};
    Process process;
    process.terminal = true;
    process.args = {"sh"};
    process.env = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"};
    process.cwd = "/";
    process.capabilities = Capabilities{.bounding = capabilities, .effective = capabilities, .permitted = capabilities};
    process.rlimits = {{.type = "RLIMIT_NOFILE", .hard = 1024, .soft = 1024}};
    process.noNewPrivileges = true;
    return process;
}

static std::vector<Mount> exampleMounts()
{
    return {
        {.destination = "/proc", .type = "proc", .source = "proc"},
        {.destination = "/dev",
         .type = "tmpfs",
         .source = "tmpfs",
         .options = {"nosuid", "strictatime", "mode=755", "size=65536k"}},
        {.destination = "/dev/pts",
         .type = "devpts",
         .source = "devpts",
         .options = {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"}},
        {.destination = "/dev/shm",
         .type = "tmpfs",
         .source = "shm",
         .options = {"nosuid", "noexec", "nodev", "mode=1777", "size=65536k"}},
        {.destination = "/dev/mqueue", .type = "mqueue", .source = "mqueue", .options = {"nosuid", "noexec", "nodev"}},
        {.destination = "/sys", .type = "sysfs", .source = "sysfs", .options = {"nosuid", "noexec", "nodev", "ro"}},
        {.destination = "/sys/fs/cgroup",
         .type = "cgroup",
         .source = "cgroup",
         .options = {"nosuid", "noexec", "nodev", "relatime", "ro"}},
    };
}

Spec example()
{
    Spec spec;
    spec.ociVersion = newestVersion;
    spec.process = exampleProcess();
    spec.root = Root{.path = "rootfs", .readonly = true};
    spec.hostname = "container";
    spec.mounts = exampleMounts();
    Linux& platform = spec.platform.emplace();
    platform.namespaces = {{.type = "pid"}, {.type = "network"}, {.type = "ipc"}, {.type = "uts"}, {.type = "mount"}};
    platform.resources.emplace().devices = {{.allow = false, .access = "rwm"}};
    platform.maskedPaths = {"/proc/acpi",        "/proc/asound",      "/proc/kcore",       "/proc/keys",
                            "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
                            "/proc/scsi",        "/sys/firmware",     "/sys/devices/virtual/powercap"};
    platform.readonlyPaths = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};
    return spec;
}

Spec rootlessExample(std::uint32_t uid, std::uint32_t gid)
{
    Spec spec = example();
    Linux& platform = *spec.platform;
    std::erase_if(platform.namespaces, [](const Namespace& space) { return space.type == "network"; });
    platform.namespaces.push_back({.type = "user"});
    platform.uidMappings = {{.containerId = 0, .hostId = uid, .size = 1}};
    platform.gidMappings = {{.containerId = 0, .hostId = gid, .size = 1}};
    platform.resources.reset();
    for (Mount& mount : spec.mounts) {
        // One mapped id: no group 5 for terminals; and no network namespace, so that sysfs cannot be mounted anew.
        std::erase_if(mount.options, [](const std::string& option) { return option.starts_with("gid=") || option.starts_with("uid="); });
        if (mount.destination == "/sys")
            mount = {.destination = "/sys",
                     .type = "none",
                     .source = "/sys",
                     .options = {"rbind", "nosuid", "noexec", "nodev", "ro"}};
    }
    return spec;
}

std::string toJson(const Spec& spec)
{
    return json::text(spec, "\t") + "\n";
}

} // namespace rocker::spec
