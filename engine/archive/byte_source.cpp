#include "engine/archive/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace rocker::archive {

Result<std::size_t> readFully(ByteSource& source, std::span<char> buffer)
{
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        const std::size_t count = TRY(source.read(buffer.subspan(filled)));
        if (count == 0)
            break;
        filled += count;
    }
    return filled;
}

Result<std::size_t> FdSource::read(std::span<char> buffer)
{
    ssize_t count;
    do
        count = ::read(m_fd.value(), buffer.data(), buffer.size());
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return fail(Error::fromErrno(errno).in("read"));
    return std::size_t(count);
}

Result<std::size_t> RangeSource::read(std::span<char> buffer)
{
    const std::size_t wanted = std::min<std::uint64_t>(buffer.size(), m_left);
    if (wanted == 0)
        return 0;
    ssize_t count;
    do
        count = ::pread(m_fd.value(), buffer.data(), wanted, off_t(m_offset));
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return fail(Error::fromErrno(errno).in("read"));
    m_offset += count;
    m_left -= count;
    return std::size_t(count);
}

Result<> RangeSource::skip(std::uint64_t count)
{
    if (count > m_left)
        return fail(ErrorCode::Corrupt, "the archive is truncated");
    m_offset += count;
    m_left -= count;
    return {};
}

Result<std::size_t> BufferedSource::read(std::span<char> buffer)
{
    if (m_rest.empty()) {
        if (buffer.size() >= m_buffer.size())
            return m_input.read(buffer);
        m_rest = std::span<const char>(m_buffer).first(TRY(m_input.read(m_buffer)));
    }
    const std::size_t count = std::min(buffer.size(), m_rest.size());
    std::memcpy(buffer.data(), m_rest.data(), count);
    m_rest = m_rest.subspan(count);
    return count;
}

Result<std::size_t> MemorySource::read(std::span<char> buffer)
{
    const std::size_t count = std::min(buffer.size(), m_rest.size());
    std::memcpy(buffer.data(), m_rest.data(), count);
    m_rest.remove_prefix(count);
    return count;
}

} // namespace rocker::archive
