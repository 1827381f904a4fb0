#include "helper/services/worker_call.h"

#include <sys/epoll.h>

namespace rocker {

Result<> WorkerCall::start(const image::WorkerProcess::Launch& launch, Progress progress, Done done)
{
    m_process = TRY(image::WorkerProcess::start(launch));
    m_progress = std::move(progress);
    m_source = m_loop.onReady(m_process->messages(), EPOLLIN, [this, done = std::move(done)](std::uint32_t) {
        if (m_process->pump(m_progress))
            return;
        const Done finished = done; // dropping the source drops what it calls
        m_source.reset();
        auto outcome = m_process->finish();
        m_process.reset();
        finished(std::move(outcome));
    });
    return {};
}

void WorkerCall::hear()
{
    if (m_process)
        (void)m_process->pump(m_progress); // once it has ended, the loop tells so as well
}

} // namespace rocker
