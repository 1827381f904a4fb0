#include "engine/transcript/transcript.h"

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <sys/stat.h>
#include <unistd.h>

namespace rocker::transcript {

namespace {

std::uint64_t sizeOf(BorrowedFd fd)
{
    struct stat found{};
    return ::fstat(fd.value(), &found) == 0 ? std::uint64_t(found.st_size) : 0;
}

bool writeAt(BorrowedFd fd, const char* bytes, std::size_t size, std::uint64_t offset)
{
    while (size > 0) {
        const ssize_t count = ::pwrite(fd.value(), bytes, size, off_t(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes += count;
        size -= std::size_t(count);
        offset += std::uint64_t(count);
    }
    return true;
}

std::int64_t now()
{
    timespec time;
    ::clock_gettime(CLOCK_REALTIME, &time);
    return std::int64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

} // namespace

Writer::Writer(const Files& files)
    : m_log(files.log)
    , m_journal(files.journal)
    , m_offset(sizeOf(files.log))
    , m_recordCount(sizeOf(files.journal) / sizeof(Record))
{
}

// The bytes first: a record never points at what is not there.
bool Writer::append(Kind kind, std::uint32_t length, std::string_view bytes)
{
    const Record record{m_offset, now(), length, kind};
    if (!writeAt(m_log, bytes.data(), bytes.size(), m_offset)
        || !writeAt(m_journal, reinterpret_cast<const char*>(&record), sizeof record, m_recordCount * sizeof record))
        return false;
    m_offset += bytes.size();
    ++m_recordCount;
    return true;
}

void Writer::started()
{
    append(Kind::Started, 0, {});
}

void Writer::output(Kind kind, std::string_view bytes)
{
    if (m_lost > 0) {
        char note[96];
        const int size = std::snprintf(note, sizeof note, "\r\n[%llu bytes of output were lost: the log could not be written]\r\n",
                                       static_cast<unsigned long long>(m_lost));
        if (append(Kind::ErrorOutput, std::uint32_t(size), {note, std::size_t(size)}))
            m_lost = 0;
    }
    if (!append(kind, std::uint32_t(bytes.size()), bytes))
        m_lost += bytes.size();
}

void Writer::resized(TerminalDimensions size)
{
    append(Kind::Resized, std::uint32_t(size.columns) << 16 | size.rows, {});
}

} // namespace rocker::transcript
