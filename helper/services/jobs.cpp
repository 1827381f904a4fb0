#include "helper/services/jobs.h"

#include "engine/container/channel.h"
#include "engine/os/file.h"
#include "engine/os/process.h"

#include <sys/epoll.h>
#include <unistd.h>

namespace rocker {

void Jobs::run(const std::function<Result<>()>& work, std::function<void(Result<>)> done, std::vector<int> kept)
{
    auto pipe = os::makePipe();
    if (!pipe)
        return done(fail(std::move(pipe).error()));
    auto child = os::cloneProcess(0);
    if (!child)
        return done(fail(std::move(child).error().in("fork")));
    if (child->pid == 0) {
        kept.push_back(pipe->writeEnd.value());
        os::closeAllExcept(std::move(kept));
        os::resetSignals();
        const auto outcome = work();
        (void)os::writeAll(pipe->writeEnd, outcome ? "R" : container::encodeError(outcome.error()));
        ::_exit(0);
    }
    m_jobs.push_front({std::move(child->pidfd), std::move(pipe->readEnd), {}, std::move(done)});
    const auto job = m_jobs.begin();
    job->source = m_loop.onReady(job->result, EPOLLIN, [this, job](std::uint32_t) { finish(job); });
}

void Jobs::finish(std::list<Job>::iterator job)
{
    // The child writes once, less than a pipe takes at once (pipe(7)), then ends.
    char buffer[16 * 1024];
    const ssize_t size = ::read(job->result.value(), buffer, sizeof buffer);
    (void)os::reap(job->pidfd);
    Result<> outcome;
    if (size <= 0)
        outcome = fail(ErrorCode::Internal, "a job of the helper ended without a word");
    else if (buffer[0] != 'R')
        outcome = fail(container::decodeError({buffer, std::size_t(size)}));
    const auto done = std::move(job->done);
    m_jobs.erase(job);
    if (done)
        done(std::move(outcome));
}

void Jobs::reapLater(UniqueFd pidfd)
{
    m_jobs.push_front({std::move(pidfd), {}, {}, {}});
    const auto job = m_jobs.begin();
    job->source = m_loop.onReady(job->pidfd, EPOLLIN, [this, job](std::uint32_t) {
        (void)os::reap(job->pidfd);
        m_jobs.erase(job);
    });
}

} // namespace rocker
