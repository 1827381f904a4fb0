#include "helper/event/log.h"

#include <cstdlib>
#include <string>
#include <unistd.h>

namespace rocker::log {

namespace {

constexpr std::size_t lengthLimit = 2000;

// JOURNAL_STREAM is set for what the journal reads, and for what such a process started elsewhere.
bool underJournal()
{
    static const bool result = ::getenv("JOURNAL_STREAM") && !::isatty(STDERR_FILENO);
    return result;
}

} // namespace

void write(Level level, std::string_view text)
{
    std::string line = underJournal() ? std::format("<{}>", int(level)) : "rocker-helper: ";
    for (const char c : text.substr(0, lengthLimit))
        line.push_back(c >= 0 && c < ' ' ? '?' : c);
    line.push_back('\n');
    // One write: lines of several processes do not mix. Where it fails there is nobody left to tell.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

} // namespace rocker::log
