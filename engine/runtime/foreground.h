#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"
#include "engine/runtime/notify.h"

#include <csignal>
#include <sys/types.h>

namespace rocker::runtime {

// Stays with a process until it ends: hands signals on to it (all but SIGCHLD and SIGURG), reaps what it leaves behind, and,
// when it has a terminal, carries bytes between that and the caller's own terminal, which is raw meanwhile.
class Foreground
{
public:
    // Blocks all signals, so that none is lost before wait(); the destructor undoes it. To be made before the process is.
    enum class Orphans { Reap, Leave };
    static Result<Foreground> begin(Orphans orphans);

    // The exit code, 128 + N after a death by signal N. `terminal` is the master, or not valid. The process must be a
    // child of the caller. `notify`, when given, is served as well.
    Result<int> wait(pid_t pid, BorrowedFd process, UniqueFd terminal, NotifyProxy* notify = nullptr);

    Foreground(Foreground&& other) noexcept;
    ~Foreground();

private:
    explicit Foreground(UniqueFd signals, const sigset_t& before) : m_signals(std::move(signals)), m_before(before) {}
    // Exit code, once the process has ended.
    std::optional<int> reap(pid_t pid) const;

    UniqueFd m_signals;
    sigset_t m_before{};
};

} // namespace rocker::runtime
