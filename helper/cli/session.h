#pragma once

#include "engine/base/frame.h"
#include "helper/cli/client.h"
#include "helper/cli/detach_keys.h"
#include "helper/cli/signal_queue.h"

#include <functional>
#include <optional>
#include <string>

namespace rocker::cli {

// What standard input, output and signals are to a container, over an upgraded connection.
struct SessionOptions {
    bool input = false;    // pass standard input on
    bool terminal = false; // the container has one: sizes are passed on, ctrl-p ctrl-q detaches
    std::function<void(int signal)> forward; // where a signal goes instead of ending us; may be empty
};

struct SessionEnd {
    enum class How {
        Exited,       // `code` is the container's
        Detached,     // by keys
        Disconnected, // the other side closed without saying how the container ended
        Interrupted,  // by a signal, or because nobody reads our output: `code` is ours to exit with
    };
    How how = How::Disconnected;
    int code = 0;
};

class Session
{
public:
    Session(Upgraded connection, SignalQueue* signals, SessionOptions options);
    // Until the container's end or ours. Standard input's terminal is raw meanwhile when both have one.
    SessionEnd run();

private:
    void readInput();
    void readSocket();
    void writeSocket();
    void readSignals();
    void showFrames();
    void show(int descriptor, std::string_view bytes);
    void end(SessionEnd::How how, int code = 0) { m_end = m_end.value_or(SessionEnd{how, code}); }
    void sendSize();

    Upgraded m_connection;
    SignalQueue* m_signals;
    SessionOptions m_options;
    FrameReader m_frames;
    DetachKeys m_keys;
    std::string m_unsent;
    std::optional<SessionEnd> m_end;
    bool m_raw = false;
    int m_interruptions = 0;
};

} // namespace rocker::cli
