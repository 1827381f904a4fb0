#include "engine/archive/pax.h"

#include <algorithm>
#include <charconv>

namespace rocker::archive {

namespace {

bool isName(std::string_view keyword)
{
    return keyword == "path" || keyword == "linkpath" || keyword == "uname" || keyword == "gname"
        || keyword == "GNU.sparse.name";
}

} // namespace

Result<PaxRecords> parsePax(std::string_view text)
{
    const auto malformed = [] { return fail(ErrorCode::Corrupt, "an extended header is malformed"); };
    PaxRecords records;
    while (!text.empty()) {
        std::size_t length = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
        const std::size_t digits = end - text.data();
        if (error != std::errc() || digits == 0 || length > text.size() || length < digits + 4 || *end != ' '
            || text[length - 1] != '\n')
            return malformed();
        const std::string_view record = text.substr(digits + 1, length - digits - 2);
        const std::size_t equals = record.find('=');
        if (equals == 0 || equals == std::string_view::npos)
            return malformed();
        const std::string_view keyword = record.substr(0, equals);
        const std::string_view value = record.substr(equals + 1);
        if (keyword.contains('\0') || (isName(keyword) && value.contains('\0')))
            return malformed();
        records.insert_or_assign(std::string(keyword), std::string(value));
        text.remove_prefix(length);
    }
    return records;
}

Result<std::int64_t> paxNumber(std::string_view keyword, std::string_view value)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size())
        return fail(ErrorCode::Corrupt, "{} in an extended header is not a number that fits", keyword);
    return number;
}

timespec clampedTime(std::int64_t seconds, long nanoseconds)
{
    constexpr std::int64_t earliest = -(std::int64_t(1) << 31);
    constexpr std::int64_t latest = (std::int64_t(3) << 32) + (std::int64_t(1) << 31) - 1; // ext4: 34 bits from 1901
    if (seconds < earliest || seconds > latest)
        return {std::clamp(seconds, earliest, latest), 0};
    return {seconds, nanoseconds};
}

Result<timespec> paxTime(std::string_view value)
{
    const auto invalid = [] { return fail(ErrorCode::Corrupt, "a time in an extended header is none"); };
    const bool negative = value.starts_with('-');
    const std::size_t point = value.find('.');
    std::string_view whole = value.substr(0, point);
    std::string_view fraction = point == std::string_view::npos ? std::string_view() : value.substr(point + 1);
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
    if (end != whole.data() + whole.size() || whole.empty() || error == std::errc::invalid_argument)
        return invalid();
    if (error == std::errc::result_out_of_range)
        return clampedTime(negative ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max(), 0);
    if (!std::ranges::all_of(fraction, [](char c) { return c >= '0' && c <= '9'; }))
        return invalid();
    long nanoseconds = 0;
    for (std::size_t i = 0; i < 9; ++i)
        nanoseconds = nanoseconds * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
    if (negative && nanoseconds > 0)
        return clampedTime(seconds - 1, 1'000'000'000 - nanoseconds);
    return clampedTime(seconds, nanoseconds);
}

} // namespace rocker::archive
