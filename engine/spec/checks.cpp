#include "engine/spec/checks.h"

#include <algorithm>
#include <charconv>

namespace rocker::spec {

bool isOneOf(std::string_view text, std::span<const std::string_view> names)
{
    return std::ranges::contains(names, text);
}

Result<> checkText(std::string_view path, std::string_view value)
{
    if (value.contains('\0'))
        return wrong(path, "contains a null byte");
    return {};
}

Result<> checkAbsolute(std::string_view path, std::string_view value)
{
    if (!value.starts_with('/'))
        return wrong(path, "must be an absolute path, not '{}'", value);
    return checkText(path, value);
}

Result<> checkEnvironment(std::string_view path, const std::vector<std::string>& entries)
{
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::string here = std::format("{}[{}]", path, i);
        const std::size_t equals = entries[i].find('=');
        if (equals == std::string::npos)
            return wrong(here, "invalid environment variable: missing '='");
        if (equals == 0)
            return wrong(here, "invalid environment variable: name cannot be empty");
        TRY(checkText(here, entries[i]));
    }
    return {};
}

static std::optional<std::uint64_t> number(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

Result<std::size_t> checkNumberList(std::string_view path, std::string_view list, std::uint64_t limit)
{
    std::size_t count = 0;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        std::string_view part = list.substr(0, comma);
        list.remove_prefix(std::min(comma + 1, list.size()));
        // The kernel's own files and people put spaces and newlines around.
        while (!part.empty() && (part.front() == ' ' || part.front() == '\n'))
            part.remove_prefix(1);
        while (!part.empty() && (part.back() == ' ' || part.back() == '\n'))
            part.remove_suffix(1);
        if (part.empty())
            continue;
        const std::size_t dash = part.find('-');
        const auto first = number(part.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : number(part.substr(dash + 1));
        if (!first || !last || *first > *last)
            return wrong(path, "'{}' is neither a number nor a range of them", part);
        if (*last >= limit)
            return wrong(path, "{} is too large", *last);
        count += *last - *first + 1;
    }
    return count;
}

Result<> checkMappings(std::string_view path, const std::vector<IdMapping>& mappings)
{
    constexpr std::uint64_t end = std::numeric_limits<std::uint32_t>::max();
    constexpr std::size_t kernelLimit = 340;
    if (mappings.size() > kernelLimit)
        return wrong(path, "has {} ranges, the kernel takes at most {}", mappings.size(), kernelLimit);
    for (std::size_t i = 0; i < mappings.size(); ++i) {
        const IdMapping& a = mappings[i];
        const std::string here = std::format("{}[{}]", path, i);
        if (a.size == 0)
            return wrong(here + ".size", "must not be 0");
        if (std::uint64_t(a.containerId) + a.size > end || std::uint64_t(a.hostId) + a.size > end)
            return wrong(here, "goes beyond the largest id");
        for (std::size_t j = 0; j < i; ++j) {
            const IdMapping& b = mappings[j];
            const auto meet = [&](std::uint64_t left, std::uint64_t right) {
                return left < right + b.size && right < left + a.size;
            };
            if (meet(a.containerId, b.containerId) || meet(a.hostId, b.hostId))
                return wrong(here, "overlaps with {}[{}]", path, j);
        }
    }
    return {};
}

bool hasNamespace(const Linux& platform, std::string_view type)
{
    return std::ranges::contains(platform.namespaces, type, &Namespace::type);
}

} // namespace rocker::spec
