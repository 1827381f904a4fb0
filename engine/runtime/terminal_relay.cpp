#include "engine/runtime/terminal_relay.h"

#include "engine/os/file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace rocker::runtime {

static UniqueFd findTerminal()
{
    for (const int stream : {STDERR_FILENO, STDOUT_FILENO, STDIN_FILENO})
        if (::isatty(stream))
            return UniqueFd(::fcntl(stream, F_DUPFD_CLOEXEC, 3));
    return UniqueFd(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
}

TerminalRelay::TerminalRelay(UniqueFd master) : m_master(std::move(master)), m_ownTerminal(findTerminal())
{
    (void)::fcntl(m_master.value(), F_SETFL, O_NONBLOCK);
    termios own{};
    if (m_ownTerminal.valid() && ::tcgetattr(m_ownTerminal.value(), &own) == 0) {
        m_before = own;
        ::cfmakeraw(&own);
        own.c_oflag |= OPOST;
        (void)::tcsetattr(m_ownTerminal.value(), TCSANOW, &own);
    }
    resize();
}

TerminalRelay::~TerminalRelay()
{
    if (m_before)
        (void)::tcsetattr(m_ownTerminal.value(), TCSANOW, &*m_before);
}

void TerminalRelay::resize()
{
    winsize size{};
    if (m_ownTerminal.valid() && ::ioctl(m_ownTerminal.value(), TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
        (void)::ioctl(m_master.value(), TIOCSWINSZ, &size);
}

void TerminalRelay::addTo(std::vector<pollfd>& waits) const
{
    constexpr std::size_t enough = 64 * 1024;
    if (m_outputOpen)
        waits.push_back({.fd = m_master.value(), .events = short(m_pending.empty() ? POLLIN : POLLIN | POLLOUT)});
    if (m_inputOpen && m_pending.size() < enough)
        waits.push_back({.fd = STDIN_FILENO, .events = POLLIN});
}

void TerminalRelay::handle(const std::vector<pollfd>& waits)
{
    for (const pollfd& wait : waits) {
        if (wait.fd == STDIN_FILENO && wait.revents)
            readInput();
        if (wait.fd != m_master.value())
            continue;
        if (wait.revents & (POLLIN | POLLHUP | POLLERR))
            readOutput();
        if (wait.revents & POLLOUT)
            writeInput();
    }
}

bool TerminalRelay::readOutput()
{
    char buffer[16 * 1024];
    const ssize_t count = ::read(m_master.value(), buffer, sizeof buffer);
    if (count > 0) {
        if (!os::writeAll(BorrowedFd(STDOUT_FILENO), std::string_view(buffer, std::size_t(count))))
            m_outputOpen = false;
        return m_outputOpen;
    }
    // EIO: nobody has the other side open any more (pty(7)).
    if (count == 0 || (errno != EAGAIN && errno != EINTR))
        m_outputOpen = false;
    return false;
}

void TerminalRelay::readInput()
{
    char buffer[16 * 1024];
    const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (count > 0)
        m_pending.append(buffer, std::size_t(count));
    else if (count == 0 || (errno != EAGAIN && errno != EINTR))
        m_inputOpen = false;
    writeInput();
}

void TerminalRelay::writeInput()
{
    while (!m_pending.empty()) {
        const ssize_t count = ::write(m_master.value(), m_pending.data(), m_pending.size());
        if (count <= 0) {
            if (errno != EAGAIN && errno != EINTR) {
                m_pending.clear();
                m_inputOpen = false;
            }
            return;
        }
        m_pending.erase(0, std::size_t(count));
    }
}

void TerminalRelay::drain()
{
    while (m_outputOpen && readOutput()) {
    }
}

} // namespace rocker::runtime
