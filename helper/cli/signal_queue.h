#pragma once

#include "engine/base/unique_fd.h"

#include <csignal>
#include <initializer_list>
#include <optional>
#include <string>

namespace rocker::cli {

// Signals that arrive as something to read instead of as an interruption, until the end of this object. One that is
// pending then takes its usual course.
class SignalQueue
{
public:
    explicit SignalQueue(std::initializer_list<int> signals);
    SignalQueue(const SignalQueue&) = delete;
    SignalQueue& operator=(const SignalQueue&) = delete;
    ~SignalQueue();

    BorrowedFd descriptor() const { return m_descriptor; } // readable when one has arrived
    std::optional<int> next();

private:
    UniqueFd m_descriptor;
    sigset_t m_before{};
};

// The signals that a session in the foreground takes over.
inline constexpr std::initializer_list<int> sessionSignals{SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

// "TERM" for SIGTERM, as Containers.Kill takes it.
std::string signalName(int signal);

} // namespace rocker::cli
