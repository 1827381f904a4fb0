#include "helper/cli/session.h"

#include "helper/cli/tty.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rocker::cli {

namespace {

constexpr int interruptionsThatEnd = 3;
constexpr std::size_t chunkSize = 32 << 10;

} // namespace

Session::Session(Upgraded connection, SignalQueue* signals, SessionOptions options)
    : m_connection(std::move(connection)), m_signals(signals), m_options(std::move(options))
{
    m_frames.append(m_connection.received);
    m_raw = m_options.input && m_options.terminal && ::isatty(STDIN_FILENO);
}

SessionEnd Session::run()
{
    std::optional<RawMode> raw;
    if (m_raw)
        raw.emplace();
    const auto pipeHandler = ::signal(SIGPIPE, SIG_IGN); // a reader of ours that goes away shows as EPIPE
    showFrames();
    while (!m_end) {
        // Input is read when all before it has been taken: a container that does not read holds the typist up.
        const bool reading = m_options.input && m_unsent.empty();
        std::array<pollfd, 3> entries{
            pollfd{m_connection.socket.value(), short(POLLIN | (m_unsent.empty() ? 0 : POLLOUT)), 0},
            pollfd{reading ? STDIN_FILENO : -1, POLLIN, 0},
            pollfd{m_signals ? m_signals->descriptor().value() : -1, POLLIN, 0}};
        if (::poll(entries.data(), entries.size(), -1) < 0)
            continue; // EINTR
        if (entries[2].revents)
            readSignals();
        if (entries[0].revents & POLLOUT)
            writeSocket();
        if (entries[1].revents)
            readInput();
        if (entries[0].revents & (POLLIN | POLLHUP | POLLERR))
            readSocket();
    }
    ::signal(SIGPIPE, pipeHandler);
    return *m_end;
}

void Session::readInput()
{
    std::array<char, chunkSize> chunk;
    const ssize_t size = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (size <= 0) {
        m_options.input = false;
        m_unsent += frame(FrameType::InputEnd, {});
    } else {
        std::string typed(chunk.data(), std::size_t(size));
        if (m_raw)
            typed = m_keys.filter(typed);
        if (!typed.empty())
            m_unsent += frame(FrameType::Input, typed);
        if (m_keys.detached())
            end(SessionEnd::How::Detached);
    }
    writeSocket();
}

void Session::readSocket()
{
    std::array<char, chunkSize> chunk;
    const ssize_t size = ::recv(m_connection.socket.value(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (size <= 0)
        return end(SessionEnd::How::Disconnected);
    m_frames.append({chunk.data(), std::size_t(size)});
    showFrames();
}

void Session::showFrames()
{
    while (const auto frame = m_frames.next()) {
        if (frame->type == FrameType::Output)
            show(STDOUT_FILENO, frame->payload);
        else if (frame->type == FrameType::ErrorOutput)
            show(STDERR_FILENO, frame->payload);
        else if (frame->type == FrameType::Exited)
            end(SessionEnd::How::Exited, int(readExit(frame->payload).value_or(ExitReport{125, false}).exitCode));
    }
    if (m_frames.broken())
        end(SessionEnd::How::Disconnected);
}

void Session::show(int descriptor, std::string_view bytes)
{
    while (!bytes.empty() && !m_end) {
        const ssize_t size = ::write(descriptor, bytes.data(), bytes.size());
        if (size > 0) {
            bytes.remove_prefix(std::size_t(size));
        } else if (errno == EAGAIN) { // our output may be shared with a program that made it non-blocking
            pollfd entry{descriptor, POLLOUT, 0};
            ::poll(&entry, 1, -1);
        } else if (errno != EINTR) {
            end(SessionEnd::How::Interrupted, 128 + SIGPIPE);
        }
    }
}

void Session::writeSocket()
{
    while (!m_unsent.empty()) {
        const ssize_t size =
            ::send(m_connection.socket.value(), m_unsent.data(), m_unsent.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (size < 0 && errno == EAGAIN)
            return;
        if (size < 0 && errno != EINTR) {
            // It reads no more; what it has to say may still come.
            m_options.input = false;
            m_unsent.clear();
        } else if (size > 0) {
            m_unsent.erase(0, std::size_t(size));
        }
    }
}

void Session::readSignals()
{
    while (const auto signal = m_signals->next()) {
        const bool interrupts = *signal == SIGINT || *signal == SIGTERM;
        if (*signal == SIGWINCH)
            sendSize();
        else if (!m_options.forward || (interrupts && ++m_interruptions == interruptionsThatEnd))
            end(SessionEnd::How::Interrupted, 128 + *signal);
        else
            m_options.forward(*signal);
    }
}

void Session::sendSize()
{
    const auto size = terminalSize();
    if (!m_options.terminal || !size)
        return;
    m_unsent += frame(FrameType::Resize, resizePayload(size->columns, size->rows));
    writeSocket();
}

} // namespace rocker::cli
