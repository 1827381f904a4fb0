#include "engine/mount/plan.h"

#include <ranges>

namespace rocker::mount {

Result<BindArgument> parseBind(const std::string& argument)
{
    std::vector<std::string> parts;
    for (const auto part : argument | std::views::split(':'))
        parts.emplace_back(part.begin(), part.end());
    if (parts.size() < 2 || parts.size() > 3 || (parts.size() == 3 && parts[2] != "ro" && parts[2] != "rw"))
        return fail(ErrorCode::InvalidArgument, "'{}' is not of the form host:container[:ro]", argument);
    TRY(validateBind(parts[0], parts[1]));
    return BindArgument{parts[0], parts[1], parts.size() == 3 && parts[2] == "ro"};
}

Result<> validateBind(const std::string& source, const std::string& target)
{
    if (!source.starts_with('/'))
        return fail(ErrorCode::InvalidArgument, "the bind's source '{}' is not an absolute path", source);
    if (!target.starts_with('/'))
        return fail(ErrorCode::InvalidArgument, "the bind's target '{}' is not an absolute path", target);
    if (target.find_first_not_of('/') == std::string::npos)
        return fail(ErrorCode::InvalidArgument, "a bind cannot cover the container's whole root");
    return {};
}

} // namespace rocker::mount
