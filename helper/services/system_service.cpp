#include "helper/services/system_service.h"

#include <linux/magic.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace rocker {

namespace {

bool isFileSystem(const char* path, long type)
{
    struct statfs found;
    return ::statfs(path, &found) == 0 && found.f_type == type;
}

// cgroups(7): v2 alone on /sys/fs/cgroup, or beside v1 hierarchies on a tmpfs.
std::string cgroupVersion()
{
    if (isFileSystem("/sys/fs/cgroup", CGROUP2_SUPER_MAGIC))
        return "v2";
    return isFileSystem("/sys/fs/cgroup/unified", CGROUP2_SUPER_MAGIC) ? "hybrid" : "v1";
}

} // namespace

SystemService::SystemService(EventLoop& loop, std::filesystem::path stateDirectory, EventHub& events)
    : m_jobs(loop), m_stateDirectory(std::move(stateDirectory)), m_events(events)
{
}

void SystemService::handle(Request<protocol::Info> request)
{
    utsname system{};
    ::uname(&system);
    struct sysinfo memory {};
    ::sysinfo(&memory);
    request.reply({.version = ROCKER_VERSION,
                   .stateDirectory = m_stateDirectory.string(),
                   .kernel = system.release,
                   .cgroups = cgroupVersion(),
                   .processors = ::sysconf(_SC_NPROCESSORS_ONLN),
                   .memory = std::int64_t(memory.totalram) * memory.mem_unit});
}

void SystemService::handle(Request<protocol::Watch> request)
{
    m_events.subscribe(std::move(request));
}

} // namespace rocker
