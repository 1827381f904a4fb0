#include "engine/runtime/signals.h"

#include "engine/runtime/options.h"

#include <csignal>
#include <cstring>

namespace rocker::runtime {

Result<int> parseSignal(std::string_view text)
{
    const int last = SIGRTMAX;
    if (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos)
        return int(TRY(parseNumber(text, 0, last), "unknown signal \"{}\"", text));
    std::string name;
    for (const char c : text)
        name += c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
    if (name.starts_with("SIG"))
        name.erase(0, 3);
    for (int signal = 1; signal < __SIGRTMIN; ++signal)
        if (const char* known = ::sigabbrev_np(signal); known && name == known)
            return signal;
    if (name == "CLD" || name == "POLL" || name == "IOT")
        return name == "CLD" ? SIGCHLD : name == "POLL" ? SIGPOLL : SIGABRT;
    if (name.starts_with("RTMIN") || name.starts_with("RTMAX")) {
        const std::string_view offset = std::string_view(name).substr(5);
        const bool fromBelow = name.starts_with("RTMIN");
        // The C library keeps the first two for itself; a container's program counts as its own library does, from 34.
        const int base = fromBelow ? SIGRTMIN : SIGRTMAX;
        if (offset.empty())
            return base;
        if (offset[0] == (fromBelow ? '+' : '-'))
            if (const auto distance = parseNumber(offset.substr(1), 0, SIGRTMAX - SIGRTMIN))
                return fromBelow ? base + int(*distance) : base - int(*distance);
    }
    return fail(ErrorCode::InvalidArgument, "unknown signal \"{}\"", text);
}

} // namespace rocker::runtime
