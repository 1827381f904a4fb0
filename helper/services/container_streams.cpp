#include "helper/services/container_service.h"

#include "engine/base/frame.h"
#include "engine/transcript/transcript.h"
#include "helper/services/outgoing.h"

#include <csignal>

// The verbs that turn a connection into a stream of frames: Attach, Exec and Logs.
namespace rocker {

namespace {

using container::ContainerInfo;

void setSize(monitor::Request& request, const std::optional<protocol::TerminalSize>& size)
{
    if (size) {
        request.columns = size->columns;
        request.rows = size->rows;
    }
}

// The transcript of a container that does not run, as its monitor would have sent it.
Result<> sendTranscript(BorrowedFd socket, const transcript::Files& files, std::int64_t tailBytes, bool lastRunOnly,
                        ExitReport exit)
{
    transcript::Reader reader(files);
    if (lastRunOnly)
        reader.seekToRun(monitor::replayBytes);
    else if (tailBytes < 0)
        reader.seekToStart();
    else
        reader.seekToTail(std::uint64_t(tailBytes));
    while (const auto record = reader.next()) {
        if (record->hasBytes())
            TRY(sendAll(socket, frame(record->kind == transcript::Kind::Output ? FrameType::Output : FrameType::ErrorOutput,
                                      reader.bytes(*record, 0, framePayloadLimit))));
        else if (record->kind == transcript::Kind::Resized)
            TRY(sendAll(socket, frame(FrameType::Resized,
                                      resizePayload(std::uint16_t(record->length >> 16), std::uint16_t(record->length)))));
    }
    return sendAll(socket, frame(FrameType::Replayed, {}) + frame(FrameType::Exited, exitPayload(exit.exitCode, exit.oomKilled)));
}

} // namespace

// In a child, at the client's own pace.
void ContainerService::serveTranscript(const std::string& id, UniqueFd socket, std::int64_t tailBytes, bool lastRunOnly)
{
    const ContainerInfo* const info = m_store.get(id);
    auto directory = m_store.directoryOf(id);
    auto opened = directory ? transcript::open(*directory, transcript::Access::Append) : fail(directory.error());
    if (!info || !opened)
        return;
    const auto files = std::make_shared<transcript::Files>(std::move(*opened));
    const auto client = std::make_shared<UniqueFd>(std::move(socket));
    const ExitReport exit{std::uint32_t(info->state.exitCode), info->state.oomKilled};
    m_jobs.run([=] { return sendTranscript(*client, *files, tailBytes, lastRunOnly, exit); }, [](const Result<>&) {},
               {client->value(), files->log.value(), files->journal.value()});
}

// One that is ending has not been recorded yet: its exit code is the last thing that is told.
void ContainerService::serveEnded(const std::string& id, UniqueFd socket, std::int64_t tailBytes, bool lastRunOnly)
{
    const auto client = std::make_shared<UniqueFd>(std::move(socket));
    m_runs.whenEnded(id, [=, this] { serveTranscript(id, std::move(*client), tailBytes, lastRunOnly); });
}

void ContainerService::handle(Request<protocol::Attach> request)
{
    const protocol::Attach::Parameters& parameters = request.parameters();
    const auto info = find(request.caller(), parameters.container);
    if (!info)
        return request.fail(info.error());
    if (info->state.startedAt.empty())
        return request.fail({ErrorCode::FailedPrecondition, 0, "the container '" + info->name + "' was never started"});
    monitor::Request attach{.kind = monitor::RequestKind::Attach, .replay = parameters.replay ? 1U : 0U};
    setSize(attach, parameters.size);
    request.upgrade({}, [this, id = info->id, attach](UniqueFd socket, const std::string& rest) {
        if (!m_runs.attach(id, attach, socket, rest))
            serveEnded(id, std::move(socket), 0, true);
    });
}

void ContainerService::handle(Request<protocol::Logs> request)
{
    const auto info = find(request.caller(), request.parameters().container);
    if (!info)
        return request.fail(info.error());
    const std::int64_t tail = request.parameters().tailBytes.value_or(-1);
    const bool follow = request.parameters().follow;
    request.upgrade({}, [this, id = info->id, tail, follow](UniqueFd socket, const std::string& rest) {
        const monitor::Request logs{.kind = monitor::RequestKind::Logs, .tailBytes = tail};
        if (!follow)
            serveTranscript(id, std::move(socket), tail, false);
        else if (!m_runs.attach(id, logs, socket, rest))
            serveEnded(id, std::move(socket), tail, false);
    });
}

void ContainerService::handle(Request<protocol::Exec> request)
{
    const protocol::Exec::Parameters& parameters = request.parameters();
    const auto info = findRunning(request.caller(), parameters.container);
    if (!info)
        return request.fail(info.error());
    if (info->state.paused)
        return request.fail({ErrorCode::FailedPrecondition, 0, "the container '" + info->name + "' is paused: resume it first"});
    if (parameters.command.empty() || parameters.command.front().empty())
        return request.fail({ErrorCode::InvalidArgument, 0, "command: is empty"});
    const container::Settings& settings = info->settings;
    container::ExecPlan plan{.config = m_config,
                             .cgroups = m_runs.cgroups(),
                             .containerId = info->id,
                             .containerPid = pid_t(info->state.pid),
                             .process = container::processOf(settings, parameters.command, parameters.tty),
                             .interactive = parameters.interactive,
                             .sessionId = container::newId()};
    spec::Process& process = plan.process.process;
    if (!parameters.workingDirectory.empty())
        process.cwd = parameters.workingDirectory;
    if (!parameters.user.empty())
        plan.process.userName = parameters.user;
    process.env.insert(process.env.end(), parameters.environment.begin(), parameters.environment.end());
    container::setTerminalSize(process, parameters.size ? TerminalDimensions{parameters.size->columns, parameters.size->rows}
                                                        : TerminalDimensions{80, 24});

    auto shared = std::make_shared<Request<protocol::Exec>>(std::move(request));
    m_runs.exec(std::move(plan), [shared, name = info->name](Result<container::MonitorLink> link) {
        if (!link)
            return shared->fail(std::move(link).error().in("exec in " + name));
        auto session = std::make_shared<container::MonitorLink>(std::move(*link));
        // Who leaves before the hand-over leaves a command that nobody could reach again.
        shared->onGone([session] { (void)session->signal(SIGKILL); });
        shared->upgrade({}, [session](UniqueFd socket, const std::string& rest) {
            (void)session->attach({.kind = monitor::RequestKind::Attach, .replay = 1}, socket, rest);
        });
    });
}

} // namespace rocker
