#include "engine/monitor/monitor.h"

#include "engine/os/file.h"
#include "engine/os/process.h"
#include "engine/os/socket.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <sys/socket.h>
#include <unistd.h>

namespace rocker::monitor {

namespace {

// memory.events and memory.oom_control both have a line "oom_kill N" (cgroup-v2.rst, cgroup-v1/memory.rst).
bool killedForMemory(BorrowedFd file)
{
    char text[512];
    const ssize_t size = file.value() < 0 ? -1 : ::pread(file.value(), text, sizeof text - 1, 0);
    if (size <= 0)
        return false;
    text[size] = '\0';
    for (const char* at = std::strstr(text, "oom_kill "); at; at = std::strstr(at + 1, "oom_kill "))
        if (at == text || at[-1] == '\n')
            return std::strtoll(at + std::strlen("oom_kill "), nullptr, 10) > 0;
    return false;
}

std::string exitRecord(const ExitReport& exit)
{
    timespec now;
    ::clock_gettime(CLOCK_REALTIME, &now);
    tm utc;
    ::gmtime_r(&now.tv_sec, &utc);
    char time[32];
    std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &utc);
    char text[192];
    std::snprintf(text, sizeof text, "{\"ExitCode\":%u,\"OOMKilled\":%s,\"FinishedAt\":\"%s.%09ldZ\"}\n", exit.exitCode,
                  exit.oomKilled ? "true" : "false", time, now.tv_nsec);
    return text;
}

} // namespace

void Monitor::processEnded()
{
    const auto status = os::reap(m_process);
    m_exit = {status ? std::uint32_t(status->code) : 255U, killedForMemory(m_oomFile)};
    m_ended = true;
    m_deadline = Clock::now() + outputPatience;
}

// Once all output is in the transcript, so that who sees the record sees the whole log.
void Monitor::recordExit()
{
    m_recorded = true;
    m_deadline = Clock::now() + clientPatience;
    if (m_directory.valid())
        (void)os::replaceFile(m_directory, exitRecordName, exitRecord(m_exit), 0600);
    for (const UniqueFd& control : m_controls)
        (void)os::sendMessage(control, exitedReport().encode(), {}, MSG_DONTWAIT);
    for (Client& client : m_clients)
        client.finish(m_exit);
}

} // namespace rocker::monitor
