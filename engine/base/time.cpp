#include "engine/base/time.h"

#include <chrono>
#include <format>

namespace rocker {

std::optional<std::int64_t> secondsOf(std::string_view time)
{
    const auto number = [&](std::size_t at, std::size_t digits) -> int {
        int value = 0;
        for (std::size_t i = at; i < at + digits; ++i) {
            if (i >= time.size() || time[i] < '0' || time[i] > '9')
                return -1;
            value = value * 10 + (time[i] - '0');
        }
        return value;
    };
    const auto is = [&](std::size_t at, std::string_view any) { return at < time.size() && any.contains(time[at]); };
    const int hour = number(11, 2);
    const int minute = number(14, 2);
    const int second = number(17, 2);
    const std::chrono::year_month_day day{std::chrono::year(number(0, 4)), std::chrono::month(unsigned(number(5, 2))),
                                          std::chrono::day(unsigned(number(8, 2)))};
    if (number(0, 4) < 0 || !day.ok() || !is(4, "-") || !is(7, "-") || !is(10, "Tt ") || !is(13, ":") || !is(16, ":") || hour < 0
        || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    std::size_t at = 19;
    if (is(at, "."))
        do
            ++at;
        while (is(at, "0123456789"));
    std::int64_t offset = 0;
    if (is(at, "+-")) {
        const int hours = number(at + 1, 2);
        const int minutes = number(at + 4, 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || !is(at + 3, ":") || time.size() != at + 6)
            return std::nullopt;
        offset = (time[at] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    } else if (!is(at, "Zz") || time.size() != at + 1) {
        return std::nullopt;
    }
    const auto days = std::chrono::sys_days(day).time_since_epoch().count();
    return std::int64_t(days) * 86400 + hour * 3600 + minute * 60 + second - offset;
}

std::string timestampOf(std::int64_t seconds)
{
    return std::format("{:%FT%TZ}", std::chrono::sys_seconds(std::chrono::seconds(seconds)));
}

} // namespace rocker
