#pragma once

#include "engine/base/frame.h"
#include "engine/base/unique_fd.h"
#include "engine/transcript/transcript.h"

#include <functional>
#include <optional>
#include <string>

namespace rocker::monitor {

// One attached connection: a position in the transcript, and at most one buffer of frames on their way. A client that
// reads slowly falls behind in the transcript; it costs nobody anything.
class Client
{
public:
    Client(UniqueFd socket, transcript::Reader reader, std::uint64_t replayUntil, bool acceptsInput);

    BorrowedFd socket() const { return m_socket; }
    bool acceptsInput() const { return m_acceptsInput; }

    // Sends what the transcript has and the socket takes. False when the client is gone.
    bool pump();
    // After this, an Exited frame follows the transcript's last byte.
    void finish(ExitReport exit) { m_exit = exit; }
    bool wantsToWrite() const { return m_sent < m_out.size(); }
    // Everything was sent, the Exited frame as well.
    bool done() const { return m_exitQueued && !wantsToWrite(); }

    // Reads what came, into frames. False when the client is gone.
    bool receive();
    void feed(std::string_view bytes) { m_frames.append(bytes); }
    std::optional<FrameReader::Frame> nextFrame() { return m_frames.next(); }

private:
    void fill();

    UniqueFd m_socket;
    transcript::Reader m_reader;
    std::uint64_t m_replayUntil;
    bool m_acceptsInput;
    bool m_replayed = false;
    bool m_exitQueued = false;
    std::optional<ExitReport> m_exit;
    std::string m_out;
    std::size_t m_sent = 0;
    FrameReader m_frames;
};

} // namespace rocker::monitor
