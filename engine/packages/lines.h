#pragma once

#include <cstdint>
#include <string_view>

namespace rocker::packages {

// Takes the next line, without its end, off the front of `text`; false when there is none left.
inline bool nextLine(std::string_view& text, std::string_view& line)
{
    if (text.empty())
        return false;
    const std::size_t end = text.find('\n');
    line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return true;
}

inline std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    return first == text.npos ? std::string_view()
                              : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

inline bool equalIgnoringCase(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

// Decimal digits and nothing else; 0 for anything that is no such number or too large.
inline std::uint64_t numberIn(std::string_view text)
{
    std::uint64_t number = 0;
    if (text.empty() || text.size() > 18)
        return 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return 0;
        number = number * 10 + std::uint64_t(c - '0');
    }
    return number;
}

} // namespace rocker::packages
