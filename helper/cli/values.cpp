#include "helper/cli/values.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>

namespace rocker::cli {

namespace {

template<typename T>
std::optional<T> number(std::string_view text)
{
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

// "m", "M", "mb", "MiB" -> 2^20.
std::optional<double> unitOf(std::string_view suffix)
{
    constexpr std::string_view units = "bkmgt";
    if (suffix.empty())
        return 1;
    const std::size_t power = units.find(char(std::tolower(static_cast<unsigned char>(suffix[0]))));
    const std::string_view rest = suffix.substr(1);
    const bool spelled = rest.empty() || (power > 0 && (rest == "b" || rest == "B" || rest == "ib" || rest == "iB"));
    if (power == units.npos || !spelled)
        return std::nullopt;
    return std::pow(1024.0, double(power));
}

} // namespace

Result<std::int64_t> parseSize(std::string_view text)
{
    const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto value = number<double>(text.substr(0, end));
    const auto unit = unitOf(text.substr(end));
    if (!value || !unit || *value * *unit >= 0x1p63)
        return fail(ErrorCode::InvalidArgument, "'{}' is not a size: write it as 256m or 1.5g", text);
    return std::int64_t(*value * *unit);
}

Result<std::int64_t> parseInteger(std::string_view text, std::int64_t least, std::int64_t most)
{
    const auto value = number<std::int64_t>(text);
    if (!value || *value < least || *value > most)
        return fail(ErrorCode::InvalidArgument, "'{}' is not a number from {} to {}", text, least, most);
    return *value;
}

Result<double> parseDecimal(std::string_view text)
{
    const auto value = number<double>(text);
    if (!value || !std::isfinite(*value) || *value < 0)
        return fail(ErrorCode::InvalidArgument, "'{}' is not a number", text);
    return *value;
}

Result<protocol::Bind> parseBind(std::string_view text)
{
    const std::size_t first = text.find(':');
    const std::size_t second = first == text.npos ? first : text.find(':', first + 1);
    const std::string_view mode = second == text.npos ? "rw" : text.substr(second + 1);
    protocol::Bind bind;
    bind.source = text.substr(0, first);
    bind.target = first == text.npos ? "" : text.substr(first + 1, second == text.npos ? second : second - first - 1);
    bind.readOnly = mode == "ro";
    if (bind.source.empty() || !bind.target.starts_with('/') || (mode != "ro" && mode != "rw"))
        return fail(ErrorCode::InvalidArgument, "'{}' is not a bind: write it as /on/host:/in/container[:ro]", text);
    std::error_code error;
    bind.source = std::filesystem::absolute(bind.source, error).lexically_normal();
    return bind;
}

Result<std::string> parseEnvironment(std::string_view text)
{
    if (text.empty() || text[0] == '=')
        return fail(ErrorCode::InvalidArgument, "'{}' is not NAME=value", text);
    if (text.contains('='))
        return std::string(text);
    const char* value = std::getenv(std::string(text).c_str());
    if (!value)
        return fail(ErrorCode::InvalidArgument, "{} has no value here: write {}=value", text, text);
    return std::format("{}={}", text, value);
}

} // namespace rocker::cli
