#include "engine/base/frame.h"

namespace rocker {

namespace {

void appendLittleEndian(std::string& out, std::uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; ++i)
        out.push_back(char(value >> (8 * i)));
}

std::uint32_t littleEndian(std::string_view bytes)
{
    std::uint32_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        value = value << 8 | std::uint8_t(bytes[i]);
    return value;
}

} // namespace

std::array<char, frameHeaderSize> frameHeader(FrameType type, std::size_t payloadSize)
{
    std::array<char, frameHeaderSize> header{char(type)};
    for (std::size_t i = 0; i < 4; ++i)
        header[i + 1] = char(payloadSize >> (8 * i));
    return header;
}

std::string frame(FrameType type, std::string_view payload)
{
    const auto header = frameHeader(type, payload.size());
    std::string out(header.begin(), header.end());
    out.append(payload);
    return out;
}

std::string resizePayload(std::uint16_t columns, std::uint16_t rows)
{
    std::string out;
    appendLittleEndian(out, columns, 2);
    appendLittleEndian(out, rows, 2);
    return out;
}

std::string exitPayload(std::uint32_t exitCode, bool oomKilled)
{
    std::string out;
    appendLittleEndian(out, exitCode, 4);
    out.push_back(oomKilled ? 1 : 0);
    return out;
}

std::optional<TerminalDimensions> readResize(std::string_view payload)
{
    if (payload.size() != 4)
        return std::nullopt;
    return TerminalDimensions{std::uint16_t(littleEndian(payload.substr(0, 2))),
                              std::uint16_t(littleEndian(payload.substr(2, 2)))};
}

std::optional<ExitReport> readExit(std::string_view payload)
{
    if (payload.size() != 5)
        return std::nullopt;
    return ExitReport{littleEndian(payload.substr(0, 4)), payload[4] == 1};
}

std::optional<FrameReader::Frame> FrameReader::next()
{
    const std::string_view rest = std::string_view(m_buffer).substr(m_position);
    if (m_broken || rest.size() < frameHeaderSize)
        return std::nullopt;
    const std::size_t size = littleEndian(rest.substr(1, 4));
    if (size > framePayloadLimit) {
        m_broken = true;
        m_buffer.clear();
        m_position = 0;
        return std::nullopt;
    }
    if (rest.size() < frameHeaderSize + size)
        return std::nullopt;
    Frame frame{FrameType(rest[0]), std::string(rest.substr(frameHeaderSize, size))};
    m_position += frameHeaderSize + size;
    if (m_position == m_buffer.size() || m_position > framePayloadLimit) {
        m_buffer.erase(0, m_position);
        m_position = 0;
    }
    return frame;
}

} // namespace rocker
