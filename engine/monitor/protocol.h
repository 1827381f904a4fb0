#pragma once

#include "engine/base/frame.h"
#include "engine/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Between the helper and a container's monitor: fixed records over a SOCK_SEQPACKET socket that only root reaches.
namespace rocker::monitor {

// What a monitor is started with: descriptors that it inherits, -1 for none.
struct Setup {
    int process = -1;   // pidfd of the container's first process, our child
    int listener = -1;  // the control socket
    int log = -1;
    int journal = -1;
    int terminal = -1;  // the pty's master; else the three pipes
    int input = -1;
    int output = -1;
    int errorOutput = -1;
    int oomFile = -1;   // counts kills for memory
    int directory = -1; // where the exit record goes; none for a session that leaves no record
    int ready = -1;     // told "P<pid>;" once the monitor runs
    int pid = 0;

    std::string encode() const;
    static std::optional<Setup> decode(std::string_view text);
};

enum class RequestKind : std::uint32_t {
    Attach = 1, // one descriptor: a client that sends and receives frames
    Logs = 2,   // one descriptor: a client that only receives them
    Signal = 3,
};

// Followed by the bytes that the client had sent already.
struct Request {
    RequestKind kind = RequestKind::Attach;
    std::int32_t signal = 0;
    std::uint16_t columns = 0; // 0: leave the size
    std::uint16_t rows = 0;
    std::uint32_t replay = 0;  // 1: first what this run has printed
    std::int64_t tailBytes = 0; // at most about so many bytes of the past; negative means all

    std::string encode(std::string_view rest = {}) const;
    static std::optional<Request> decode(std::string_view bytes, std::string_view& rest);
};

// Started comes first on every connection: who finds a monitor learns what it keeps.
enum class ReportKind : std::uint32_t { Signalled = 1, Exited = 2, Started = 3 };

struct Report {
    ReportKind kind = ReportKind::Exited;
    std::int32_t value = 0; // errno of the signal, the exit code, or the container's pid
    std::uint32_t oomKilled = 0;

    std::string encode() const;
    static std::optional<Report> decode(std::string_view bytes);
};

inline constexpr std::size_t requestSizeLimit = 256 * 1024;
inline constexpr std::uint64_t replayBytes = 1 << 20;
inline constexpr const char* exitRecordName = "exit.json";

} // namespace rocker::monitor
