#include "engine/container/user.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <ranges>

namespace rocker::container {

namespace {

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    for (const auto part : text | std::views::split(separator))
        parts.emplace_back(part.begin(), part.end());
    return parts;
}

std::optional<std::uint32_t> id(std::string_view text)
{
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value == ~0U)
        return std::nullopt;
    return value;
}

// Only digits and a sign: meant as a number, so never looked up as a name.
bool looksNumeric(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789+-") == std::string_view::npos;
}

// The line whose first field is `name` or, for a number, whose third is.
std::vector<std::string> findEntry(std::string_view file, const std::string& name, std::optional<std::uint32_t> number)
{
    for (const std::string& line : split(file, '\n')) {
        std::vector<std::string> fields = split(line, ':');
        if (fields.size() >= 4 && (number ? id(fields[2]) == number : fields[0] == name))
            return fields;
    }
    return {};
}

Result<gid_t> resolveGroup(const std::string& text, std::string_view group)
{
    const auto number = id(text);
    if (number)
        return gid_t(*number);
    const auto entry = looksNumeric(text) ? std::vector<std::string>{} : findEntry(group, text, std::nullopt);
    if (entry.empty() || !id(entry[2]))
        return fail(ErrorCode::InvalidArgument, "the container has no group '{}'", text);
    return gid_t(*id(entry[2]));
}

} // namespace

Result<UserIdentity> resolveUser(const std::string& user, std::string_view passwd, std::string_view group)
{
    const std::size_t colon = user.find(':');
    const std::string name = user.empty() ? "0" : user.substr(0, colon);
    const auto number = id(name);
    if (!number && looksNumeric(name))
        return fail(ErrorCode::InvalidArgument, "'{}' is no user id", name);
    const auto entry = findEntry(passwd, name, number);
    if (!number && (entry.empty() || !id(entry[2])))
        return fail(ErrorCode::InvalidArgument, "the container has no user '{}'", name);

    UserIdentity identity;
    identity.uid = number ? *number : *id(entry[2]);
    if (!entry.empty() && id(entry[3]))
        identity.gid = *id(entry[3]);
    if (entry.size() > 5 && !entry[5].empty())
        identity.home = entry[5];
    if (colon != std::string::npos) {
        identity.gid = TRY(resolveGroup(user.substr(colon + 1), group));
        return identity;
    }
    if (entry.empty())
        return identity;
    for (const std::string& line : split(group, '\n')) {
        const auto fields = split(line, ':');
        if (fields.size() >= 4 && id(fields[2]) && std::ranges::contains(split(fields[3], ','), entry[0]))
            identity.groups.push_back(*id(fields[2]));
    }
    return identity;
}

std::string homeOf(uid_t uid, std::string_view passwd)
{
    const auto entry = findEntry(passwd, "", uid);
    return entry.size() > 5 && !entry[5].empty() ? entry[5] : "/";
}

Result<> readUserOption(std::string_view text, spec::User& user)
{
    const std::size_t colon = text.find(':');
    const auto uid = id(text.substr(0, colon));
    if (!uid)
        return fail(ErrorCode::InvalidArgument, "'{}' is no user id", text.substr(0, colon));
    if (colon != std::string_view::npos) {
        const auto gid = id(text.substr(colon + 1));
        if (!gid)
            return fail(ErrorCode::InvalidArgument, "'{}' is no group id", text.substr(colon + 1));
        user.gid = *gid;
    }
    user.uid = *uid;
    return {};
}

} // namespace rocker::container
