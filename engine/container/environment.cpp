#include "engine/container/environment.h"

#include <algorithm>
#include <unordered_set>

namespace rocker::container {

namespace {

std::string_view nameOf(std::string_view entry)
{
    return entry.substr(0, entry.find('='));
}

} // namespace

Result<std::vector<std::string>> withoutDuplicates(const std::vector<std::string>& environment)
{
    // Environments have a few dozen entries: looking through the ones kept is cheaper than a set of names. Others are floods.
    const bool isFlood = environment.size() > 100;
    std::unordered_set<std::string_view> names;
    std::vector<std::string> kept;
    kept.reserve(environment.size());
    const auto isKnown = [&](std::string_view name) {
        return isFlood ? !names.insert(name).second
                       : std::ranges::any_of(kept, [&](const std::string& other) { return nameOf(other) == name; });
    };
    for (auto entry = environment.rbegin(); entry != environment.rend(); ++entry) {
        const std::string_view name = nameOf(*entry);
        if (name.empty() || name.size() == entry->size() || entry->contains('\0'))
            return fail(ErrorCode::InvalidArgument, "invalid environment variable '{}'", *entry);
        if (!isKnown(name))
            kept.push_back(*entry);
    }
    std::erase(kept, "HOME=");
    std::ranges::reverse(kept);
    return kept;
}

std::string_view variable(const std::vector<std::string>& environment, std::string_view name)
{
    for (const std::string_view entry : environment)
        if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name))
            return entry.substr(name.size() + 1);
    return {};
}

} // namespace rocker::container
