#pragma once

#include "helper/protocol/containers.h"

#include <optional>
#include <termios.h>

namespace rocker::cli {

// The size of the terminal that output goes to; nothing when it goes elsewhere.
std::optional<protocol::TerminalSize> terminalSize();

// Standard input's terminal in raw mode until the end of this object.
class RawMode
{
public:
    RawMode();
    RawMode(const RawMode&) = delete;
    RawMode& operator=(const RawMode&) = delete;
    ~RawMode();

private:
    std::optional<termios> m_before;
};

enum class Echo { On, Off };

// The same terminal without echo: for passwords.
class QuietMode
{
public:
    QuietMode();
    QuietMode(const QuietMode&) = delete;
    ~QuietMode();

private:
    std::optional<termios> m_before;
};

} // namespace rocker::cli
