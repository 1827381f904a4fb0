#include "engine/container/process.h"

#include "engine/os/file.h"
#include "engine/os/syscall.h"

#include <sys/ioctl.h>

namespace rocker::container {

std::optional<TerminalDimensions> terminalSize(const spec::Process& process)
{
    if (!process.consoleSize || process.consoleSize->width > 0xffff || process.consoleSize->height > 0xffff)
        return std::nullopt;
    return TerminalDimensions{std::uint16_t(process.consoleSize->width), std::uint16_t(process.consoleSize->height)};
}

void setTerminalSize(spec::Process& process, TerminalDimensions size)
{
    process.consoleSize = spec::ConsoleSize{.height = size.rows, .width = size.columns};
}

Result<Terminal> openTerminal(BorrowedFd pts, std::optional<TerminalDimensions> size)
{
    UniqueFd master = TRY(os::open(pts, "ptmx", O_RDWR | O_NOCTTY), "open a pseudoterminal");
    const int unlock = 0;
    TRY(os::checkDone(::ioctl(master.value(), TIOCSPTLCK, &unlock)), "unlock the pseudoterminal");
    UniqueFd slave(TRY(os::check(::ioctl(master.value(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)), "open the terminal"));
    if (size) {
        const winsize window{.ws_row = size->rows, .ws_col = size->columns, .ws_xpixel = 0, .ws_ypixel = 0};
        TRY(os::checkDone(::ioctl(slave.value(), TIOCSWINSZ, &window)), "set the terminal's size");
    }
    return Terminal{std::move(master), std::move(slave)};
}

Result<> takeStreams(const ProcessSpec& spec, const Terminal& terminal, const StandardStreams& streams)
{
    const bool tty = spec.process.terminal;
    if (tty)
        TRY(os::checkDone(::ioctl(terminal.slave.value(), TIOCSCTTY, 0)), "take the controlling terminal");
    const int sources[3]{tty ? terminal.slave.value() : streams.input.value(),
                         tty ? terminal.slave.value() : streams.output.value(),
                         tty ? terminal.slave.value() : streams.errorOutput.value()};
    for (int target = 0; target < 3; ++target)
        TRY(os::checkDone(::dup2(sources[target], target)), "set up standard stream {}", target);
    return {};
}

} // namespace rocker::container
