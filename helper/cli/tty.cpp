#include "helper/cli/tty.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace rocker::cli {

std::optional<protocol::TerminalSize> terminalSize()
{
    for (const int fd : {STDOUT_FILENO, STDIN_FILENO}) {
        winsize size{};
        if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0)
            return protocol::TerminalSize{size.ws_col, size.ws_row};
    }
    return std::nullopt;
}

RawMode::RawMode()
{
    termios before{};
    if (::tcgetattr(STDIN_FILENO, &before) != 0)
        return;
    termios raw = before;
    ::cfmakeraw(&raw);
    if (::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0)
        m_before = before;
}

RawMode::~RawMode()
{
    if (m_before)
        ::tcsetattr(STDIN_FILENO, TCSADRAIN, &*m_before);
}

QuietMode::QuietMode()
{
    termios before{};
    if (::tcgetattr(STDIN_FILENO, &before) != 0)
        return;
    termios quiet = before;
    quiet.c_lflag &= tcflag_t(~(ECHO | ECHOE | ECHOK | ECHONL));
    if (::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0)
        m_before = before;
}

QuietMode::~QuietMode()
{
    if (m_before)
        ::tcsetattr(STDIN_FILENO, TCSADRAIN, &*m_before);
}

} // namespace rocker::cli
