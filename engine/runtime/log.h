#pragma once

#include "engine/base/result.h"
#include "engine/base/unique_fd.h"

#include <string>
#include <string_view>

namespace rocker::runtime {

enum class Level { Error, Warning, Info, Debug };

// Where a call says what went wrong, in the form that callers of runc read: a line of logfmt
// (time="…" level=error msg="…") or of JSON ({"level":"error","msg":"…","time":"…"}) each.
class Log
{
public:
    // Standard error, in text.
    Log() = default;
    // `destination` is a path (appended to; "file:" may stand before it), "syslog:ID", "journald:ID" or nothing for
    // standard error; `format` is "text", "json" or nothing.
    static Result<Log> open(std::string_view destination, std::string_view format, Level level);

    bool writes(Level level) const { return level <= m_level; }
    void write(Level level, std::string_view message) const;
    void error(std::string_view message) const { write(Level::Error, message); }
    void warning(std::string_view message) const { write(Level::Warning, message); }
    void debug(std::string_view message) const { write(Level::Debug, message); }
    // On standard error as it is, and as an error to the log when that is elsewhere.
    void plain(std::string_view message) const;
    // As an error; on standard error as well, plain, when the log is elsewhere.
    void fatal(std::string_view message) const;

private:
    enum class Target { Descriptor, Syslog, Journal };
    Target m_target = Target::Descriptor;
    UniqueFd m_file;         // not valid: standard error
    std::string m_identifier;
    bool m_json = false;
    Level m_level = Level::Warning;
};

// "2026-11-25T16:40:01.123456789Z" (RFC 3339), now.
std::string timestamp();

} // namespace rocker::runtime
