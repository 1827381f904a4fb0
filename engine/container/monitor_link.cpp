#include "engine/container/monitor_link.h"

#include "engine/json/json.h"
#include "engine/os/file.h"
#include "engine/os/socket.h"

namespace rocker::container {

namespace {

struct ExitDocument : ExitRecord {
    static constexpr auto fields()
    {
        using E = ExitDocument;
        return std::tuple(json::required("ExitCode", static_cast<std::int64_t E::*>(&E::exitCode)),
                          json::required("OOMKilled", static_cast<bool E::*>(&E::oomKilled)),
                          json::required("FinishedAt", static_cast<std::string E::*>(&E::finishedAt)));
    }
};

} // namespace

Result<MonitorLink> MonitorLink::connect(const EngineConfig& config, const std::string& name)
{
    const UniqueFd directory = TRY(os::open(config.monitorsDirectory(), O_RDONLY | O_DIRECTORY), "open '{}'", config.monitorsDirectory());
    return MonitorLink(TRY(os::connectTo(directory, name, SOCK_SEQPACKET | SOCK_NONBLOCK), "reach the monitor"));
}

Result<> MonitorLink::attach(const monitor::Request& request, BorrowedFd client, std::string_view rest)
{
    return os::sendMessage(m_socket, request.encode(rest), {client});
}

Result<> MonitorLink::signal(int number)
{
    return os::sendMessage(m_socket, monitor::Request{.kind = monitor::RequestKind::Signal, .signal = number}.encode());
}

Result<std::optional<monitor::Report>> MonitorLink::receive()
{
    auto message = os::receiveMessage(m_socket, 256, 0, MSG_DONTWAIT);
    if (!message && message.error().errnum == EAGAIN)
        return std::nullopt;
    const os::Message received = TRY(std::move(message));
    const auto report = monitor::Report::decode(received.bytes);
    if (!report)
        return fail(ErrorCode::Unavailable, "the monitor is gone");
    return report;
}

Result<ExitRecord> readExitRecord(const std::string& containerDirectory)
{
    const std::string text = TRY(os::readFile(containerDirectory + "/" + monitor::exitRecordName));
    return TRY(json::readText<ExitDocument>(text, json::UnknownKeys::Ignore), "read the exit record");
}

} // namespace rocker::container
