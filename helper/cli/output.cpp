#include "helper/cli/output.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <unistd.h>

namespace rocker::cli {

namespace {

std::size_t characters(std::string_view text)
{
    return std::size_t(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string printable(std::string text)
{
    for (char& c : text)
        if ((c >= 0 && c < ' ') || c == 0x7f)
            c = '?';
    return text;
}

std::string durationText(std::int64_t seconds)
{
    struct Unit {
        std::int64_t seconds;
        std::string_view name;
    };
    constexpr std::array units{Unit{365 * 86400, "year"}, Unit{30 * 86400, "month"}, Unit{7 * 86400, "week"},
                               Unit{86400, "day"},        Unit{3600, "hour"},        Unit{60, "minute"},
                               Unit{1, "second"}};
    for (const Unit& unit : units)
        if (const std::int64_t count = seconds / unit.seconds; count > 0)
            return std::format("{} {}{}", count, unit.name, count == 1 ? "" : "s");
    return "Less than a second";
}

} // namespace

std::string Table::text() const
{
    std::vector<std::size_t> widths(m_rows[0].size());
    for (const auto& row : m_rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], characters(row[i]));
    std::string text;
    for (const auto& row : m_rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += printable(row[i]);
            if (i + 1 < row.size())
                text.append(widths[i] - characters(row[i]) + 3, ' ');
        }
        text += '\n';
    }
    return text;
}

void print(std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

void complain(std::string_view text)
{
    // To a terminal as a table would show it; into a file as it is.
    const std::string shown = ::isatty(STDERR_FILENO) ? printable(std::string(text)) : std::string(text);
    std::fprintf(stderr, "rocker: %s\n", shown.c_str());
}

std::string ageOf(const std::string& time, Clock::time_point now)
{
    std::tm parts{};
    if (!::strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts))
        return {};
    return durationText(std::max<std::int64_t>(Clock::to_time_t(now) - ::timegm(&parts), 0));
}

std::string statusOf(const protocol::Container& container, Clock::time_point now)
{
    using enum protocol::ContainerState;
    switch (container.state) {
    case Created:
        return "Created";
    case Running:
        return "Up " + ageOf(container.startedAt, now);
    case Paused:
        return "Up " + ageOf(container.startedAt, now) + " (Paused)";
    case Restarting:
        return "Restarting";
    case Removing:
        return "Removal In Progress";
    case Exited:
        return std::format("Exited ({}) {} ago", container.exitCode, ageOf(container.finishedAt, now));
    case Dead:
        return "Dead";
    }
    return {};
}

std::string sizeText(std::int64_t bytes)
{
    constexpr std::array<std::string_view, 5> units{"B", "kB", "MB", "GB", "TB"};
    double value = double(bytes);
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < units.size(); ++unit)
        value /= 1000;
    return std::format("{:.3g}{}", value, units[unit]);
}

std::string shortId(std::string_view id)
{
    if (id.starts_with("sha256:"))
        id.remove_prefix(7);
    return std::string(id.substr(0, 12));
}

std::string shortened(std::string_view text, std::size_t width)
{
    if (characters(text) <= width)
        return std::string(text);
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end)
        if ((text[end] & 0xc0) != 0x80 && ++seen == width)
            break;
    return std::string(text.substr(0, end)) + "…";
}

} // namespace rocker::cli
