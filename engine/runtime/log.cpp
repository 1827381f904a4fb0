#include "engine/runtime/log.h"

#include "engine/json/text.h"
#include "engine/os/file.h"

#include <cctype>
#include <ctime>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

namespace rocker::runtime {

std::string timestamp()
{
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    tm parts{};
    ::gmtime_r(&now.tv_sec, &parts);
    char text[40];
    const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    return std::format("{}.{:09}Z", std::string_view(text, length), now.tv_nsec);
}

static std::string_view nameOf(Level level)
{
    switch (level) {
    case Level::Error: return "error";
    case Level::Warning: return "warning";
    case Level::Info: return "info";
    case Level::Debug: return "debug";
    }
    return "error";
}

Result<Log> Log::open(std::string_view destination, std::string_view format, Level level)
{
    Log log;
    log.m_level = level;
    if (!format.empty() && format != "text" && format != "json")
        return fail(ErrorCode::InvalidArgument, "invalid log-format: {}", format);
    log.m_json = format == "json";

    const std::size_t colon = destination.find(':');
    std::string_view kind;
    if (colon != std::string_view::npos && !destination.substr(0, colon).contains('/')) {
        kind = destination.substr(0, colon);
        destination.remove_prefix(colon + 1);
    }
    if (kind == "syslog" || kind == "journald") {
        log.m_target = kind == "syslog" ? Target::Syslog : Target::Journal;
        log.m_identifier = destination;
    } else if (!kind.empty() && kind != "file") {
        return fail(ErrorCode::InvalidArgument, "unknown log type '{}' (file, syslog or journald)", kind);
    } else if (!destination.empty()) {
        // A descriptor above those that a container may be given, which are counted from 3.
        const std::string path(destination);
        const UniqueFd file = TRY(os::open(path, O_WRONLY | O_CREAT | O_APPEND, 0644), "open the log '{}'", path);
        log.m_file = UniqueFd(::fcntl(file.value(), F_DUPFD_CLOEXEC, 100));
    }
    return log;
}

static void toJournal(std::string_view identifier, Level level, std::string_view message)
{
    const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = "/run/systemd/journal/socket"};
    std::string line(message); // systemd's native protocol: a value with newlines would need a length
    for (char& c : line)
        c = c == '\n' ? ' ' : c;
    const std::string datagram = std::format("PRIORITY={}\nSYSLOG_IDENTIFIER={}\nMESSAGE={}\n",
                                             level == Level::Error ? LOG_ERR : level == Level::Warning ? LOG_WARNING : LOG_DEBUG,
                                             identifier, line);
    (void)::sendto(socket.value(), datagram.data(), datagram.size(), MSG_NOSIGNAL,
                   reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

void Log::write(Level level, std::string_view message) const
{
    if (!writes(level))
        return;
    if (m_target == Target::Syslog) {
        ::openlog(m_identifier.c_str(), 0, LOG_USER);
        ::syslog(level == Level::Error ? LOG_ERR : level == Level::Warning ? LOG_WARNING : LOG_DEBUG, "%.*s",
                 int(message.size()), message.data());
        return;
    }
    if (m_target == Target::Journal)
        return toJournal(m_identifier, level, message);
    std::string time = timestamp();
    if (!m_json)
        time.replace(time.find('.'), std::string::npos, "Z");
    const std::string text = json::quote(message);
    const std::string line = m_json
        ? std::format("{{\"level\":\"{}\",\"msg\":{},\"time\":\"{}\"}}\n", nameOf(level), text, time)
        : std::format("time=\"{}\" level={} msg={}\n", time, nameOf(level), text);
    // One write, so that lines of several processes do not mix; where it cannot be written there is nobody to tell.
    (void)!::write(m_file.valid() ? m_file.value() : STDERR_FILENO, line.data(), line.size());
}

void Log::plain(std::string_view message) const
{
    if (m_file.valid() || m_target != Target::Descriptor)
        error(message);
    const std::string line = std::format("{}\n", message);
    (void)!::write(STDERR_FILENO, line.data(), line.size());
}

void Log::fatal(std::string_view message) const
{
    if (m_file.valid() || m_target != Target::Descriptor)
        plain(message);
    else
        error(message);
}

} // namespace rocker::runtime
