#include "helper/services/container_runs.h"

#include "engine/container/record.h"
#include "engine/os/file.h"

#include <sys/epoll.h>

namespace rocker {

ContainerRuns::ContainerRuns(EventLoop& loop, Jobs& jobs, container::EngineConfig config, cgroup::Layout cgroups,
                             Callbacks callbacks)
    : m_loop(loop), m_jobs(jobs), m_config(std::move(config)), m_cgroups(std::move(cgroups)), m_callbacks(std::move(callbacks))
{
}

std::vector<std::string> ContainerRuns::monitored() const
{
    return os::listDirectory(os::currentDirectory, m_config.monitorsDirectory()).value_or(std::vector<std::string>{});
}

bool ContainerRuns::starting(const std::string& id) const
{
    return m_launching.contains(id);
}

void ContainerRuns::wait(const std::string& key, container::Starting starting, std::function<void(Result<pid_t>)> done)
{
    Launching& launching = m_launching[key];
    launching.starting = std::move(starting);
    launching.source = m_loop.onReady(launching.starting.result, EPOLLIN, [this, key, done = std::move(done)](std::uint32_t) {
        auto node = m_launching.extract(key);
        const auto tell = done; // dropping the source drops what it calls
        node.mapped().source.reset();
        auto outcome = node.mapped().starting.finish();
        if (outcome)
            m_jobs.reapLater(std::move(node.mapped().starting.starter));
        tell(std::move(outcome));
    });
}

void ContainerRuns::start(container::LaunchPlan plan, std::function<void(Result<pid_t>)> done)
{
    const std::string id = plan.info.id;
    auto starting = container::launch(std::move(plan));
    if (!starting)
        return done(fail(std::move(starting).error()));
    wait(id, std::move(*starting), [this, id, done = std::move(done)](Result<pid_t> outcome) {
        if (outcome)
            if (auto connected = connect(id); !connected) {
                end(id);
                return done(fail(std::move(connected).error()));
            }
        done(std::move(outcome));
    });
}

Result<> ContainerRuns::connect(const std::string& id)
{
    Run& run = m_runs[id];
    run.link = TRY(container::MonitorLink::connect(m_config, id));
    run.source = m_loop.onReady(run.link->socket(), EPOLLIN, [this, id](std::uint32_t) { readReports(id); });
    return {};
}

void ContainerRuns::adopt(const std::string& id)
{
    if (const auto connected = connect(id); !connected)
        end(id);
}

void ContainerRuns::readReports(const std::string& id)
{
    for (;;) {
        Run& run = m_runs[id];
        auto report = run.link->receive();
        if (report && !*report)
            return;
        if (!report || (*report)->kind == monitor::ReportKind::Exited)
            return end(id);
        if ((*report)->kind == monitor::ReportKind::Started) {
            m_callbacks.found(id, (*report)->value);
            continue;
        }
        if (run.signals.empty())
            continue;
        const auto done = std::move(run.signals.front());
        run.signals.erase(run.signals.begin());
        done((*report)->value == 0 ? Result<>{} : fail(Error::fromErrno((*report)->value)));
    }
}

// Everything of the run goes before anybody hears of its end: who then starts or removes it finds nothing in the way.
void ContainerRuns::end(const std::string& id)
{
    Run& run = m_runs[id];
    run.source.reset();
    run.link.reset();
    m_jobs.run([config = m_config, cgroups = m_cgroups, id] { return container::cleanUpRun(config, cgroups, id); },
               [this, id](Result<>) {
                   auto exit = container::readExitRecord(m_config.containersDirectory() + "/" + id);
                   auto node = m_runs.extract(id);
                   m_callbacks.ended(id, exit ? std::optional(std::move(*exit)) : std::nullopt);
                   for (const auto& done : node.mapped().signals)
                       done(fail(ErrorCode::FailedPrecondition, "the container has just ended"));
                   for (const auto& callback : node.mapped().callbacks)
                       callback();
               });
}

void ContainerRuns::signal(const std::string& id, int number, std::function<void(Result<>)> done)
{
    const auto found = m_runs.find(id);
    if (found == m_runs.end() || !found->second.link)
        return done(fail(ErrorCode::FailedPrecondition, "the container is not running"));
    if (auto sent = found->second.link->signal(number); !sent)
        return done(fail(std::move(sent).error()));
    found->second.signals.push_back(std::move(done));
}

void ContainerRuns::whenEnded(const std::string& id, std::function<void()> callback)
{
    const auto found = m_runs.find(id);
    if (found == m_runs.end())
        return m_loop.post(std::move(callback));
    found->second.callbacks.push_back(std::move(callback));
}

Result<> ContainerRuns::attach(const std::string& id, const monitor::Request& request, BorrowedFd client, std::string_view rest)
{
    const auto found = m_runs.find(id);
    if (found == m_runs.end() || !found->second.link)
        return fail(ErrorCode::FailedPrecondition, "the container is not running");
    return found->second.link->attach(request, client, rest);
}

void ContainerRuns::exec(container::ExecPlan plan, std::function<void(Result<container::MonitorLink>)> done)
{
    const std::string session = plan.sessionId;
    auto starting = container::launchExec(std::move(plan));
    if (!starting)
        return done(fail(std::move(starting).error()));
    wait(session, std::move(*starting), [this, session, done = std::move(done)](Result<pid_t> outcome) {
        Result<container::MonitorLink> link = outcome ? container::MonitorLink::connect(m_config, session)
                                                      : fail(std::move(outcome).error());
        // Only this connection leads to the session: its name is not needed any more.
        if (const auto monitors = os::open(m_config.monitorsDirectory(), O_RDONLY | O_DIRECTORY))
            (void)os::remove(*monitors, session);
        done(std::move(link));
    });
}

} // namespace rocker
