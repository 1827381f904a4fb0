#include "helper/cli/signal_queue.h"

#include <cstring>
#include <sys/signalfd.h>
#include <unistd.h>

namespace rocker::cli {

SignalQueue::SignalQueue(std::initializer_list<int> signals)
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : signals)
        sigaddset(&set, signal);
    ::sigprocmask(SIG_BLOCK, &set, &m_before);
    m_descriptor = UniqueFd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

SignalQueue::~SignalQueue()
{
    ::sigprocmask(SIG_SETMASK, &m_before, nullptr);
}

std::optional<int> SignalQueue::next()
{
    signalfd_siginfo info;
    if (::read(m_descriptor.value(), &info, sizeof info) != sizeof info)
        return std::nullopt;
    return int(info.ssi_signo);
}

std::string signalName(int signal)
{
    const char* name = ::sigabbrev_np(signal);
    return name ? name : std::to_string(signal);
}

} // namespace rocker::cli
