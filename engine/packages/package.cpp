#include "engine/packages/package.h"

#include <array>

namespace rocker::packages {

std::string_view typeName(Type type)
{
    constexpr std::array<std::string_view, 5> names{"deb", "apk", "rpm", "python", "npm"};
    return names[std::size_t(type)];
}

std::string bounded(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return std::string(text.substr(0, textLimit));
}

bool PathBudget::add(std::vector<std::string>& files, std::string_view directory, std::string_view name)
{
    while (directory.starts_with('/'))
        directory.remove_prefix(1);
    while (directory.ends_with('/'))
        directory.remove_suffix(1);
    while (name.starts_with('/'))
        name.remove_prefix(1);
    const std::size_t size = directory.size() + name.size() + 1;
    // A string of a few bytes costs its place as well.
    if (name.empty() || size > textLimit || m_used + size + sizeof(std::string) > pathBytesLimit)
        return false;
    m_used += size + sizeof(std::string);
    std::string path(directory);
    if (!path.empty())
        path += '/';
    path += name;
    files.push_back(std::move(path));
    return true;
}

} // namespace rocker::packages
