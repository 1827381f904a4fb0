#include "engine/transcript/transcript.h"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace rocker::transcript {

namespace {

constexpr std::size_t readAhead = 64;

ssize_t readAt(BorrowedFd fd, void* buffer, std::size_t size, std::uint64_t offset)
{
    ssize_t count;
    do
        count = ::pread(fd.value(), buffer, size, off_t(offset));
    while (count < 0 && errno == EINTR);
    return count;
}

} // namespace

std::uint64_t Reader::count() const
{
    struct stat found{};
    return ::fstat(m_journal.value(), &found) == 0 ? std::uint64_t(found.st_size) / sizeof(Record) : 0;
}

std::optional<Record> Reader::at(std::uint64_t index)
{
    if (index < m_windowStart || index >= m_windowStart + m_window.size()) {
        // Who seeks goes backwards: then the window ends at the wanted record.
        const bool backwards = index < m_windowStart;
        m_windowStart = backwards && index >= readAhead ? index - readAhead + 1 : backwards ? 0 : index;
        m_window.resize(readAhead);
        const ssize_t size = readAt(m_journal, m_window.data(), readAhead * sizeof(Record), m_windowStart * sizeof(Record));
        m_window.resize(size > 0 ? std::size_t(size) / sizeof(Record) : 0);
        if (index >= m_windowStart + m_window.size())
            return std::nullopt;
    }
    return m_window[index - m_windowStart];
}

void Reader::seekToEnd()
{
    m_next = count();
}

void Reader::seekToRun(std::uint64_t tailBytes)
{
    std::uint64_t bytes = 0;
    std::uint64_t index = count();
    while (index > 0) {
        const auto record = at(index - 1);
        if (!record)
            break;
        if (record->hasBytes() && (bytes += record->length) > tailBytes)
            break;
        --index;
        if (record->kind == Kind::Started)
            break;
    }
    m_next = index;
}

void Reader::seekToTail(std::uint64_t tailBytes)
{
    std::uint64_t bytes = 0;
    for (m_next = count(); m_next > 0; --m_next) {
        const auto record = at(m_next - 1);
        if (!record || (record->hasBytes() && (bytes += record->length) > tailBytes))
            break;
    }
}

std::optional<Record> Reader::next()
{
    const auto record = at(m_next);
    if (record)
        ++m_next;
    return record;
}

std::string Reader::bytes(const Record& record, std::uint32_t from, std::size_t limit) const
{
    std::string bytes(std::min<std::size_t>(limit, record.length - std::min(from, record.length)), '\0');
    const ssize_t size = readAt(m_log, bytes.data(), bytes.size(), record.offset + from);
    bytes.resize(size > 0 ? std::size_t(size) : 0);
    return bytes;
}

} // namespace rocker::transcript
