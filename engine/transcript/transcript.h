#pragma once

#include "engine/base/frame.h"
#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// All that a container has printed: `container.log` holds the bytes as they came, and beside it a journal of fixed-size
// records says where each piece begins, when it came, on which stream, and when the terminal changed its size. Whoever
// reads (an attached terminal, `rocker logs`, a window that comes back) is a position in it: nothing is buffered for a
// slow reader, and nothing is lost to one.
namespace rocker::transcript {

enum class Kind : std::uint32_t {
    Started = 1, // a run begins; no bytes
    Output = 2,
    ErrorOutput = 3,
    Resized = 4, // no bytes; `length` is columns << 16 | rows
};

// As on disk, in the machine's byte order.
struct Record {
    std::uint64_t offset = 0; // into the log
    std::int64_t time = 0;    // nanoseconds since 1970
    std::uint32_t length = 0; // bytes in the log
    Kind kind = Kind::Output;

    bool hasBytes() const { return kind == Kind::Output || kind == Kind::ErrorOutput; }
};
static_assert(sizeof(Record) == 24);

struct Files {
    UniqueFd log;
    UniqueFd journal;
};

inline constexpr const char* logName = "container.log";
inline constexpr const char* journalName = "container.log.journal";

enum class Access { Append, Read };
// The two files of a container's directory, made when missing and wanted for appending.
Result<Files> open(BorrowedFd directory, Access access);
// Two files without a name, for a session whose output nobody keeps.
Result<Files> openTemporary(BorrowedFd directory);

// The one writer. What cannot be written (a full disk) is dropped and counted, and said in the log once it can be
// written again: whoever prints must not block on our disk.
class Writer
{
public:
    explicit Writer(const Files& files);

    void started();
    void output(Kind kind, std::string_view bytes);
    void resized(TerminalDimensions size);
    std::uint64_t recordCount() const { return m_recordCount; }
    std::uint64_t lostBytes() const { return m_lost; }

private:
    bool append(Kind kind, std::uint32_t length, std::string_view bytes);

    BorrowedFd m_log;
    BorrowedFd m_journal;
    std::uint64_t m_offset = 0;
    std::uint64_t m_recordCount = 0;
    std::uint64_t m_lost = 0;
};

// A position, advanced record by record.
class Reader
{
public:
    explicit Reader(const Files& files) : m_log(files.log), m_journal(files.journal) {}

    void seekToStart() { m_next = 0; }
    void seekToEnd();
    // To the newest Started record, or later so that at most about `tailBytes` of output follow.
    void seekToRun(std::uint64_t tailBytes);
    // So that at most about `tailBytes` of output follow.
    void seekToTail(std::uint64_t tailBytes);

    std::uint64_t position() const { return m_next; }

    // The record here, and on to the next; nothing at the end.
    std::optional<Record> next();
    // Up to `limit` bytes of a record's output from `from` on.
    std::string bytes(const Record& record, std::uint32_t from, std::size_t limit) const;

private:
    std::optional<Record> at(std::uint64_t index);
    std::uint64_t count() const;

    BorrowedFd m_log;
    BorrowedFd m_journal;
    std::uint64_t m_next = 0;
    std::vector<Record> m_window; // records read ahead, from m_windowStart
    std::uint64_t m_windowStart = 0;
};

} // namespace rocker::transcript
