// A terminal without a window: runs a command on a pty with the terminal engine behind it, for conformance suites.
//   terminal_host COLUMNSxROWS COMMAND [ARGUMENT…]     exits as the command did
// The suites read the screen back by DECRQCRA and resize it by XTWINOPS. No terminal of ours does that for a program:
// this host does, outside the engine.
#include "engine/terminal/terminal.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <format>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace
{

using rocker::terminal::Size;
using rocker::terminal::Terminal;

// Cuts the stream at the sequences that the host answers itself.
class Host
{
public:
    Host(Size size, int pty)
        : m_terminal(size, {.theme = {}})
        , m_pty(pty)
    {
    }

    void take(std::string_view bytes)
    {
        m_pending += bytes;
        std::size_t done = 0;
        for (std::size_t at = m_pending.find("\x1b["); at != std::string::npos; at = m_pending.find("\x1b[", at + 1)) {
            const std::size_t end = m_pending.find_first_not_of("0123456789;*", at + 2);
            if (end == std::string::npos) {
                flush(done, at); // cut in the middle: the rest comes
                m_pending.erase(0, at);
                return;
            }
            const std::string_view sequence(m_pending.data() + at + 2, end - at - 2);
            if (!(m_pending[end] == 'y' && sequence.ends_with('*')) && m_pending[end] != 't')
                continue;
            flush(done, m_pending[end] == 't' ? end + 1 : at);
            done = end + 1;
            m_pending[end] == 't' ? operateWindow(numbers(sequence)) : reportChecksum(numbers(sequence));
        }
        flush(done, m_pending.size());
        m_pending.clear();
    }

private:
    static std::vector<int> numbers(std::string_view text)
    {
        std::vector<int> values(1, 0);
        for (const char c : text) {
            if (c == ';')
                values.push_back(0);
            else if (c >= '0' && c <= '9')
                values.back() = values.back() * 10 + (c - '0');
        }
        values.resize(8);
        return values;
    }

    void flush(std::size_t from, std::size_t to)
    {
        m_terminal.write(std::string_view(m_pending).substr(from, to - from));
        send(m_terminal.takeAnswers());
        m_terminal.takeEvents();
    }

    void send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const ssize_t count = ::write(m_pty, bytes.data(), bytes.size());
            if (count < 0 && errno != EINTR)
                return;
            bytes.remove_prefix(std::size_t(std::max<ssize_t>(count, 0)));
        }
    }

    // DECRQCRA as xterm answers it since patch 279 with checksumExtension 31: the sum of the characters alone.
    void reportChecksum(const std::vector<int>& p)
    {
        const Size size = m_terminal.size();
        const auto [top, left] = origin();
        unsigned sum = 0;
        const int bottom = std::min(top + (p[4] ? p[4] : size.rows), size.rows);
        const int right = std::min(left + (p[5] ? p[5] : size.columns), size.columns);
        for (int y = top + std::max(p[2], 1); y <= bottom; ++y) {
            const auto cells = m_terminal.row(y - 1).cells();
            for (int x = left + std::max(p[3], 1); x <= right; ++x)
                sum += std::max(unsigned(cells[std::size_t(x - 1)].codePoint()), unsigned(' '));
        }
        send(std::format("\x1bP{}!~{:04X}\x1b\\", p[0], sum & 0xffff));
    }

    // A window of 1920x1080 pixels at most, wherever it is moved to.
    void operateWindow(const std::vector<int>& p)
    {
        const Size now = m_terminal.size();
        switch (p[0]) {
        case 1:
        case 2:
            m_iconified = p[0] == 2;
            return;
        case 3:
            m_x = p[1];
            m_y = p[2];
            return;
        case 4:
            return resize({(p[2] ? p[2] : screenWidth) / cellWidth, (p[1] ? p[1] : screenHeight) / cellHeight});
        case 8:
            return resize({p[2] ? p[2] : now.columns, p[1] ? p[1] : now.rows});
        case 11:
            return send(m_iconified ? "\x1b[2t" : "\x1b[1t");
        case 13:
            return send(std::format("\x1b[3;{};{}t", m_x, m_y));
        case 15:
            return send(std::format("\x1b[5;{};{}t", screenHeight, screenWidth));
        case 20:
            return send(std::format("\x1b]L{}\x1b\\", m_terminal.iconName()));
        case 21:
            return send(std::format("\x1b]l{}\x1b\\", m_terminal.title()));
        default:
            if (p[0] >= 24)
                resize({now.columns, p[0]}); // DECSLPP
        }
    }

    void resize(Size wanted)
    {
        m_terminal.resize(wanted);
        const winsize kernelSize{.ws_row = static_cast<unsigned short>(wanted.rows),
            .ws_col = static_cast<unsigned short>(wanted.columns)};
        ::ioctl(m_pty, TIOCSWINSZ, &kernelSize);
    }

    // What the engine itself answers to a program.
    std::string ask(std::string_view question)
    {
        m_terminal.write(question);
        return m_terminal.takeAnswers();
    }

    // The first row and column that a program's coordinates count from.
    std::pair<int, int> origin()
    {
        if (ask("\x1b[?6$p") != "\x1b[?6;1$y")
            return {0, 0};
        int top = 1;
        int left = 1;
        std::sscanf(ask("\x1bP$qr\x1b\\").c_str(), "\x1bP1$r%d", &top);
        std::sscanf(ask("\x1bP$qs\x1b\\").c_str(), "\x1bP1$r%d", &left);
        return {top - 1, left - 1};
    }

    static constexpr int cellWidth = 8;
    static constexpr int cellHeight = 16;
    static constexpr int screenWidth = 1920;
    static constexpr int screenHeight = 1080;
    bool m_iconified = false;
    int m_x = 0;
    int m_y = 0;
    Terminal m_terminal;
    int m_pty;
    std::string m_pending;
};

} // namespace

int main(int argc, char** argv)
{
    unsigned columns = 80;
    unsigned rows = 24;
    if (argc < 3 || std::sscanf(argv[1], "%ux%u", &columns, &rows) != 2) {
        std::fprintf(stderr, "usage: terminal_host COLUMNSxROWS COMMAND [ARGUMENT…]\n");
        return 2;
    }
    winsize size{.ws_row = static_cast<unsigned short>(rows), .ws_col = static_cast<unsigned short>(columns)};
    int pty = -1;
    const pid_t child = ::forkpty(&pty, nullptr, nullptr, &size);
    if (child < 0)
        return 1;
    if (child == 0) {
        ::setenv("TERM", "xterm-256color", 1);
        ::execvp(argv[2], argv + 2);
        ::_exit(127);
    }
    Host host({int(columns), int(rows)}, pty);
    char buffer[64 * 1024];
    for (;;) {
        const ssize_t count = ::read(pty, buffer, sizeof buffer);
        if (count > 0)
            host.take({buffer, std::size_t(count)});
        else if (count == 0 || errno != EINTR)
            break; // a pty reads EIO when its last slave is closed (pty(7))
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
