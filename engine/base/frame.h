#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rocker {

// What a connection carries after the Varlink reply to a method of Flow::Upgrade: frames of a type byte, a little-endian
// 32-bit length and that many bytes. Terminals, pipes and logs speak it; files that the helper hands out are Output
// frames, then End or Failed. A connection that closes before its last frame was cut off.
enum class FrameType : std::uint8_t {
    Output = 1,     // to the client: bytes of the terminal or of standard output
    ErrorOutput = 2, // to the client: bytes of standard error (never with a terminal)
    Resized = 3,    // to the client: the terminal's size from here on (payload as Resize); replay has them in place
    Replayed = 4,   // to the client: what follows is live; empty
    Exited = 5,     // to the client, last: u32 exit code, then one byte: 1 when the kernel killed for memory
    End = 6,        // to the client, last of a file: that was all of it; empty
    Failed = 7,     // to the client, last of a file: the rest could not be read, and why, in words
    Input = 16,     // to the container: bytes for the terminal or standard input
    InputEnd = 17,  // to the container: end of standard input; empty
    Resize = 18,    // to the container: u16 columns, u16 rows
};

inline constexpr std::size_t frameHeaderSize = 5;
inline constexpr std::size_t framePayloadLimit = 64 * 1024;

std::array<char, frameHeaderSize> frameHeader(FrameType type, std::size_t payloadSize);
std::string frame(FrameType type, std::string_view payload);
std::string resizePayload(std::uint16_t columns, std::uint16_t rows);
std::string exitPayload(std::uint32_t exitCode, bool oomKilled);

struct TerminalDimensions {
    std::uint16_t columns = 0;
    std::uint16_t rows = 0;
    bool operator==(const TerminalDimensions&) const = default;
};
std::optional<TerminalDimensions> readResize(std::string_view payload);

struct ExitReport {
    std::uint32_t exitCode = 0;
    bool oomKilled = false;
};
std::optional<ExitReport> readExit(std::string_view payload);

// Cuts a byte stream into frames. A length beyond framePayloadLimit breaks the stream for good (broken()), before
// anything is allocated for it.
class FrameReader
{
public:
    struct Frame {
        FrameType type;
        std::string payload;
    };
    void append(std::string_view bytes) { m_buffer.append(bytes); }
    std::optional<Frame> next();
    bool broken() const { return m_broken; }

private:
    std::string m_buffer;
    std::size_t m_position = 0;
    bool m_broken = false;
};

} // namespace rocker
