#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/container/engine_config.h"
#include "engine/monitor/protocol.h"

#include <optional>
#include <string>
#include <string_view>

namespace rocker::container {

// The helper's connection to one monitor. None of it blocks.
class MonitorLink
{
public:
    // `name` is the container's ID, or the session's. Unavailable when no monitor listens there.
    static Result<MonitorLink> connect(const EngineConfig& config, const std::string& name);

    BorrowedFd socket() const { return m_socket; }
    // Hands a client over; `rest` is what it has sent already.
    Result<> attach(const monitor::Request& request, BorrowedFd client, std::string_view rest);
    Result<> signal(int number);
    // The next report; nothing when none is there; an error once the monitor is gone.
    Result<std::optional<monitor::Report>> receive();

private:
    explicit MonitorLink(UniqueFd socket) : m_socket(std::move(socket)) {}
    UniqueFd m_socket;
};

// The record that a monitor leaves when its process has ended; NotFound when there is none.
struct ExitRecord {
    std::int64_t exitCode = 0;
    bool oomKilled = false;
    std::string finishedAt;
};
Result<ExitRecord> readExitRecord(const std::string& containerDirectory);

} // namespace rocker::container
