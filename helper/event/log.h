#pragma once

#include <format>
#include <string_view>

// The helper's log: standard error, one line a message; under the journal with its level in front (sd-daemon(3)).
namespace rocker::log {

enum class Level { Error = 3, Warning = 4, Notice = 5, Info = 6, Debug = 7 };

// Control characters of `text`, which may quote a stranger, are shown as '?'.
void write(Level level, std::string_view text);

template<typename... Args>
void error(std::format_string<Args...> format, Args&&... args)
{
    write(Level::Error, std::format(format, std::forward<Args>(args)...));
}

template<typename... Args>
void warning(std::format_string<Args...> format, Args&&... args)
{
    write(Level::Warning, std::format(format, std::forward<Args>(args)...));
}

template<typename... Args>
void info(std::format_string<Args...> format, Args&&... args)
{
    write(Level::Info, std::format(format, std::forward<Args>(args)...));
}

} // namespace rocker::log
