#include "engine/monitor/monitor.h"

#include "engine/os/process.h"
#include "engine/os/socket.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace rocker::monitor {

namespace {

constexpr std::size_t inputLimit = 64 * 1024;
constexpr std::size_t readSize = 64 * 1024;
void makeNonBlocking(BorrowedFd fd)
{
    if (fd.value() >= 0)
        ::fcntl(fd.value(), F_SETFL, ::fcntl(fd.value(), F_GETFL) | O_NONBLOCK);
}

} // namespace

Monitor::Monitor(const Setup& setup)
    : m_process(setup.process)
    , m_listener(setup.listener)
    , m_terminal(setup.terminal)
    , m_input(setup.input)
    , m_output(setup.output)
    , m_errorOutput(setup.errorOutput)
    , m_oomFile(setup.oomFile)
    , m_directory(setup.directory)
    , m_files{UniqueFd(setup.log), UniqueFd(setup.journal)}
    , m_writer(m_files)
    , m_pid(setup.pid)
{
    for (const UniqueFd* fd : {&m_terminal, &m_input, &m_output, &m_errorOutput})
        makeNonBlocking(*fd);
    const UniqueFd ready(setup.ready);
    const std::string report = "P" + std::to_string(setup.pid) + ";";
    (void)!::write(ready.value(), report.data(), report.size());
}

int Monitor::run()
{
    while (!finished()) {
        std::vector<pollfd> fds = interests();
        const int count = ::poll(fds.data(), fds.size(), timeout());
        if (count < 0 && errno != EINTR)
            return 1;
        for (const pollfd& fd : fds)
            if (fd.revents != 0)
                handle(fd);
        if (m_ended && !m_recorded && (Clock::now() >= m_deadline || (!m_terminal.valid() && !m_output.valid() && !m_errorOutput.valid())))
            recordExit();
        pumpClients();
    }
    return 0;
}

bool Monitor::finished() const
{
    // The helper hangs up once it has heard of the end: what it had sent before that is still served. A session without
    // a record has nobody but its client to tell how it ended: it waits for that one.
    const bool told = m_clients.empty() && m_controls.empty() && m_hadControl && (m_directory.valid() || m_hadClient);
    return m_recorded && (told || Clock::now() >= m_deadline);
}

int Monitor::timeout() const
{
    if (!m_ended)
        return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_deadline - Clock::now()).count();
    return int(std::max<std::int64_t>(left, 0));
}

std::vector<pollfd> Monitor::interests() const
{
    std::vector<pollfd> fds;
    const auto add = [&](const UniqueFd& fd, short events) {
        if (fd.valid())
            fds.push_back({fd.value(), events, 0});
    };
    if (!m_ended)
        add(m_process, POLLIN);
    add(m_listener, POLLIN);
    add(m_terminal, short(POLLIN | (m_pendingInput.empty() ? 0 : POLLOUT)));
    add(m_output, POLLIN);
    add(m_errorOutput, POLLIN);
    if (!m_pendingInput.empty())
        add(m_input, POLLOUT);
    for (const UniqueFd& control : m_controls)
        add(control, POLLIN);
    for (const Client& client : m_clients) {
        const bool listens = m_pendingInput.size() < inputLimit;
        fds.push_back({client.socket().value(), short((listens ? POLLIN : 0) | (client.wantsToWrite() ? POLLOUT : 0)), 0});
    }
    return fds;
}

void Monitor::handle(const pollfd& ready)
{
    if (ready.fd == m_process.value() && !m_ended)
        return processEnded();
    if (ready.fd == m_listener.value())
        return acceptControl();
    if (ready.fd == m_input.value())
        return writeInput();
    if (ready.fd == m_terminal.value()) {
        if (ready.revents & POLLOUT)
            writeInput();
        if (ready.revents & (POLLIN | POLLHUP))
            readOutput(m_terminal, transcript::Kind::Output);
        return;
    }
    if (ready.fd == m_output.value())
        return readOutput(m_output, transcript::Kind::Output);
    if (ready.fd == m_errorOutput.value())
        return readOutput(m_errorOutput, transcript::Kind::ErrorOutput);
    std::erase_if(m_controls, [&](const UniqueFd& control) { return control.value() == ready.fd && !handleControl(control); });
    std::erase_if(m_clients, [&](Client& client) { return client.socket().value() == ready.fd && !serve(client, ready.revents); });
}

void Monitor::readOutput(UniqueFd& source, transcript::Kind kind)
{
    static char buffer[readSize];
    const ssize_t count = ::read(source.value(), buffer, sizeof buffer);
    if (count > 0)
        m_writer.output(kind, {buffer, std::size_t(count)});
    else if (count == 0 || (errno != EAGAIN && errno != EINTR))
        source.reset(); // a pty's master reads EIO when the last slave is closed (pty(7))
}

void Monitor::acceptControl()
{
    UniqueFd connection(::accept4(m_listener.value(), nullptr, nullptr, SOCK_CLOEXEC));
    if (connection.valid()) {
        m_hadControl = true;
        m_controls.push_back(std::move(connection));
        (void)os::sendMessage(m_controls.back(), Report{ReportKind::Started, m_pid}.encode(), {}, MSG_DONTWAIT);
        if (m_recorded)
            (void)os::sendMessage(m_controls.back(), exitedReport().encode(), {}, MSG_DONTWAIT);
    }
}

bool Monitor::handleControl(BorrowedFd connection)
{
    auto message = os::receiveMessage(connection, requestSizeLimit, 1, MSG_DONTWAIT);
    // Who hangs up with our report unread leaves an ECONNRESET, told once and before what it had sent (unix(7)).
    if (!message)
        return message.error().errnum == EAGAIN || message.error().errnum == ECONNRESET;
    std::string_view rest;
    const auto request = Request::decode(message->bytes, rest);
    if (!request)
        return false;
    if (request->kind == RequestKind::Signal) {
        const auto sent = os::sendSignal(m_process, request->signal);
        const Report report{ReportKind::Signalled, sent ? 0 : sent.error().errnum, 0};
        return os::sendMessage(connection, report.encode(), {}, MSG_DONTWAIT).has_value();
    }
    if (!message->fds.empty())
        addClient(*request, std::move(message->fds.front()), rest);
    return true;
}

void Monitor::addClient(const Request& request, UniqueFd socket, std::string_view rest)
{
    transcript::Reader reader(m_files);
    const bool logs = request.kind == RequestKind::Logs;
    if (logs && request.tailBytes < 0)
        reader.seekToStart();
    else if (logs)
        reader.seekToTail(std::uint64_t(request.tailBytes));
    else if (request.replay)
        reader.seekToRun(replayBytes);
    else
        reader.seekToEnd();
    Client& client = m_clients.emplace_back(std::move(socket), std::move(reader), m_writer.recordCount(), !logs);
    m_hadClient = true;
    if (m_recorded)
        client.finish(m_exit);
    if (request.columns > 0)
        resize({request.columns, request.rows});
    client.feed(rest);
    takeInput(client);
}

bool Monitor::serve(Client& client, short events)
{
    if (events & (POLLIN | POLLHUP | POLLERR)) {
        if (!client.receive())
            return false;
        takeInput(client);
    }
    return client.pump();
}

void Monitor::takeInput(Client& client)
{
    while (const auto received = client.nextFrame()) {
        if (!client.acceptsInput())
            continue;
        if (received->type == FrameType::Input)
            m_pendingInput += received->payload;
        else if (received->type == FrameType::InputEnd)
            m_inputEnds = true;
        else if (const auto size = readResize(received->payload); size && received->type == FrameType::Resize)
            resize(*size);
    }
    writeInput();
}

void Monitor::writeInput()
{
    UniqueFd& target = m_terminal.valid() ? m_terminal : m_input;
    if (!target.valid()) {
        m_pendingInput.clear();
        return;
    }
    while (!m_pendingInput.empty()) {
        const ssize_t count = ::write(target.value(), m_pendingInput.data(), m_pendingInput.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            if (errno != EAGAIN)
                m_pendingInput.clear();
            break;
        }
        m_pendingInput.erase(0, std::size_t(count));
    }
    // A terminal has no end of input of its own: there it is a key (Ctrl+D), and the client sends that.
    if (m_inputEnds && m_pendingInput.empty() && &target == &m_input)
        m_input.reset();
}

void Monitor::resize(TerminalDimensions size)
{
    if (!m_terminal.valid() || size.columns == 0 || size.rows == 0)
        return;
    winsize current{};
    ::ioctl(m_terminal.value(), TIOCGWINSZ, &current);
    if (current.ws_col == size.columns && current.ws_row == size.rows)
        return;
    const winsize wanted{.ws_row = size.rows, .ws_col = size.columns, .ws_xpixel = 0, .ws_ypixel = 0};
    if (::ioctl(m_terminal.value(), TIOCSWINSZ, &wanted) == 0)
        m_writer.resized(size);
}

void Monitor::pumpClients()
{
    std::erase_if(m_clients, [](Client& client) { return (!client.wantsToWrite() && !client.pump()) || client.done(); });
}

Report Monitor::exitedReport() const
{
    return {ReportKind::Exited, std::int32_t(m_exit.exitCode), m_exit.oomKilled};
}

} // namespace rocker::monitor
