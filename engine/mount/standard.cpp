#include "engine/mount/plan.h"

namespace rocker::mount {

namespace {

Step filesystem(std::string type, std::string source, std::string target, std::vector<os::FilesystemOption> options,
                std::uint64_t attributes)
{
    Step step;
    step.type = std::move(type);
    step.source = std::move(source);
    step.target = std::move(target);
    step.options = std::move(options);
    step.set = attributes;
    return step;
}

} // namespace

std::vector<Step> standardFilesystems()
{
    constexpr std::uint64_t quiet = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    std::vector<Step> steps{
        filesystem("proc", "proc", "/proc", {}, quiet),
        filesystem("sysfs", "sysfs", "/sys", {}, quiet | MOUNT_ATTR_RDONLY),
        filesystem("devpts", "devpts", "/dev/pts",
            {{"newinstance", ""}, {"ptmxmode", "0666"}, {"mode", "0620"}, {"gid", "5"}},
            MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC),
        filesystem("mqueue", "mqueue", "/dev/mqueue", {}, quiet),
        filesystem("tmpfs", "shm", "/dev/shm", {{"mode", "1777"}, {"size", "64m"}}, quiet),
    };
    steps[0].plainDirectory = steps[1].plainDirectory = true;
    steps[3].optional = true;
    return steps;
}

const std::vector<std::string>& maskedPaths()
{
    static const std::vector<std::string> paths{"/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore",
        "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi",
        "/sys/firmware", "/sys/devices/virtual/powercap"};
    return paths;
}

const std::vector<std::string>& readOnlyPaths()
{
    static const std::vector<std::string> paths{
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};
    return paths;
}

Step givenMount(std::size_t sourceIndex, std::string target)
{
    Step step;
    step.kind = Step::Kind::Bind;
    step.type = "bind";
    step.target = std::move(target);
    step.sourceIndex = sourceIndex;
    return step;
}

} // namespace rocker::mount
