#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <optional>
#include <poll.h>
#include <string>
#include <termios.h>
#include <vector>

namespace rocker::runtime {

// Between the caller's terminal, or whatever its standard streams are, and the master of a container's terminal.
class TerminalRelay
{
public:
    // Takes the caller's terminal raw until the end. What the container's one does with newlines is left to the caller's.
    explicit TerminalRelay(UniqueFd master);
    ~TerminalRelay();
    TerminalRelay(const TerminalRelay&) = delete;
    TerminalRelay& operator=(const TerminalRelay&) = delete;

    // The container's terminal gets the size of the caller's.
    void resize();
    // What to wait for, and what to do when poll(2) has said so.
    void addTo(std::vector<pollfd>& waits) const;
    void handle(const std::vector<pollfd>& waits);
    // Everything that was written before the end.
    void drain();

private:
    bool readOutput();
    void readInput();
    void writeInput();

    UniqueFd m_master;
    UniqueFd m_ownTerminal; // not valid: the caller has none
    std::optional<termios> m_before;
    std::string m_pending; // read from the caller, not yet taken by the container
    bool m_inputOpen = true;
    bool m_outputOpen = true;
};

} // namespace rocker::runtime
