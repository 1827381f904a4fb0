#include "engine/archive/layer_path.h"

#include <cerrno>

namespace rocker::archive {

namespace {

constexpr std::size_t componentLimit = 255; // NAME_MAX
constexpr std::string_view whiteoutPrefix = ".wh.";
constexpr std::string_view reservedPrefix = ".wh..wh.";
constexpr std::string_view opaqueName = ".wh..wh..opq";

} // namespace

Result<std::vector<std::string>> layerPath(std::string_view name)
{
    if (name.empty())
        return fail(ErrorCode::Corrupt, "an entry has no name");
    if (name.contains('\0'))
        return fail(ErrorCode::Corrupt, "a NUL stands in an entry's name");
    if (name.size() > layerPathLimit)
        return fail(Error::fromErrno(ENAMETOOLONG).in(std::string(name.substr(0, 60)) + "…"));
    std::vector<std::string> path;
    while (!name.empty()) {
        const std::string_view component = name.substr(0, name.find('/'));
        name.remove_prefix(std::min(name.size(), component.size() + 1));
        if (component.empty() || component == ".")
            continue;
        if (component == "..")
            return fail(ErrorCode::Corrupt, "the name climbs out of the layer");
        if (component.size() > componentLimit)
            return fail(Error::fromErrno(ENAMETOOLONG).in(std::string(component.substr(0, 60)) + "…"));
        path.emplace_back(component);
    }
    return path;
}

Result<LayerName> layerName(std::string_view entryName)
{
    LayerName name{Meaning::Content, TRY(layerPath(entryName))};
    for (std::size_t i = 0; i < name.path.size(); ++i) {
        const std::string component = name.path[i];
        if (!component.starts_with(whiteoutPrefix))
            continue;
        if (i + 1 < name.path.size() || (component.starts_with(reservedPrefix) && component != opaqueName)) {
            name.meaning = Meaning::Ignored;
            return name;
        }
        name.path.pop_back();
        if (component == opaqueName) {
            name.meaning = Meaning::Opaque;
            return name;
        }
        const std::string hidden = component.substr(whiteoutPrefix.size());
        if (hidden.empty() || hidden == "." || hidden == "..")
            return fail(ErrorCode::Corrupt, "a whiteout names no file");
        name.path.push_back(hidden);
        name.meaning = Meaning::Whiteout;
    }
    return name;
}

std::string joined(const std::vector<std::string>& path)
{
    std::string text;
    for (const std::string& component : path)
        text.append(text.empty() ? "" : "/").append(component);
    return text;
}

} // namespace rocker::archive
