#pragma once

#include "engine/monitor/client.h"
#include "engine/monitor/protocol.h"

#include <chrono>
#include <list>
#include <poll.h>
#include <string>
#include <vector>

namespace rocker::monitor {

// Keeps one container's process: holds its terminal or pipes, writes the transcript, serves who is attached, reaps it
// and records how it ended. Parses nothing that the container prints. Outlives the helper and every window.
class Monitor
{
public:
    explicit Monitor(const Setup& setup);
    // Until the process has ended and everybody attached has been told. The program's exit code.
    int run();

private:
    using Clock = std::chrono::steady_clock;
    // Output that a terminal still holds arrives within microseconds of its last writer's end; who inherited the
    // terminal from an ended session and keeps it open does not keep the session.
    static constexpr std::chrono::milliseconds outputPatience{200};
    static constexpr std::chrono::seconds clientPatience{10};

    std::vector<pollfd> interests() const;
    void handle(const pollfd& ready);
    int timeout() const;
    bool finished() const;

    void readOutput(UniqueFd& source, transcript::Kind kind);
    void acceptControl();
    bool handleControl(BorrowedFd connection);
    void addClient(const Request& request, UniqueFd socket, std::string_view rest);
    bool serve(Client& client, short events);
    void takeInput(Client& client);
    void writeInput();
    void resize(TerminalDimensions size);
    void pumpClients();
    void processEnded();
    void recordExit();
    Report exitedReport() const;

    UniqueFd m_process;
    UniqueFd m_listener;
    UniqueFd m_terminal;
    UniqueFd m_input;
    UniqueFd m_output;
    UniqueFd m_errorOutput;
    UniqueFd m_oomFile;
    UniqueFd m_directory;
    transcript::Files m_files;
    transcript::Writer m_writer;
    std::list<Client> m_clients;
    std::list<UniqueFd> m_controls;
    std::string m_pendingInput;
    bool m_inputEnds = false;
    bool m_ended = false;
    bool m_recorded = false;
    bool m_hadClient = false;
    bool m_hadControl = false;
    int m_pid;
    ExitReport m_exit;
    Clock::time_point m_deadline; // after the end: how long to wait for the rest of the output, then for clients
};

} // namespace rocker::monitor
