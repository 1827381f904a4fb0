#include "engine/runtime/duration.h"

#include <charconv>

namespace rocker::runtime {

Result<std::chrono::milliseconds> parseDuration(std::string_view text)
{
    static constexpr std::pair<std::string_view, double> units[]{{"ns", 1e-6}, {"us", 1e-3}, {"ms", 1}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}};
    const std::string_view whole = text;
    constexpr double longest = 1e12; // thirty years
    double milliseconds = 0;
    if (text == "0")
        return std::chrono::milliseconds(0);
    if (text.empty())
        return fail(ErrorCode::InvalidArgument, "'{}' is not a duration", whole);
    while (!text.empty()) {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
        if (error != std::errc() || value < 0)
            return fail(ErrorCode::InvalidArgument, "'{}' is not a duration", whole);
        text.remove_prefix(std::size_t(end - text.data()));
        const std::string_view name = text.substr(0, text.find_first_of("0123456789."));
        double factor = 0;
        for (const auto& [unit, milli] : units)
            if (unit == name)
                factor = milli;
        milliseconds += value * factor;
        if (factor == 0 || milliseconds > longest)
            return fail(ErrorCode::InvalidArgument, "'{}' is not a duration", whole);
        text.remove_prefix(name.size());
    }
    return std::chrono::milliseconds(std::int64_t(milliseconds));
}

} // namespace rocker::runtime
