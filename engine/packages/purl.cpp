#include "engine/packages/purl.h"

#include <format>
#include <utility>
#include <vector>

namespace rocker::packages {

namespace {

std::string lowered(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = char(c + 32);
    return lower;
}

// Python's normal form of a name: runs of "-_." are one "-".
std::string pythonName(std::string_view name)
{
    std::string normal;
    for (const char c : lowered(name)) {
        const bool separator = c == '-' || c == '_' || c == '.';
        if (!separator || !normal.ends_with('-'))
            normal.push_back(separator ? '-' : c);
    }
    return normal;
}

using Qualifiers = std::vector<std::pair<std::string_view, std::string>>; // sorted by key

std::string assembled(std::string_view type, std::string_view space, std::string_view name, std::string_view version, const Qualifiers& qualifiers)
{
    std::string url = std::format("pkg:{}/", type);
    if (!space.empty())
        url += percentEncoded(space) + "/";
    url += percentEncoded(name) + "@" + percentEncoded(version);
    char separator = '?';
    for (const auto& [key, value] : qualifiers)
        if (!value.empty())
            url += std::format("{}{}={}", std::exchange(separator, '&'), key, percentEncoded(value));
    return url;
}

std::string ofSystem(const Package& package, const Distribution& distribution)
{
    std::string_view version = package.version;
    std::string epoch;
    if (const std::size_t colon = version.find(':'); package.type == Type::Rpm && colon != version.npos) {
        epoch = version.substr(0, colon);
        version.remove_prefix(colon + 1);
    }
    std::string upstream = package.source;
    if (!upstream.empty() && !package.sourceVersion.empty() && package.sourceVersion != version)
        upstream += "@" + package.sourceVersion;
    const std::string distro = distribution.id.empty() ? std::string()
        : distribution.versionId.empty()               ? distribution.id
                                                       : distribution.id + "-" + distribution.versionId;
    return assembled(typeName(package.type), lowered(distribution.id), package.name, version,
                     {{"arch", package.architecture}, {"distro", distro}, {"epoch", epoch}, {"upstream", upstream}});
}

} // namespace

std::string percentEncoded(std::string_view text)
{
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view(".-_~:").contains(c);
        if (plain)
            encoded.push_back(c);
        else
            encoded += std::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

std::string packageUrl(const Package& package, const Distribution& distribution)
{
    if (package.type == Type::Python)
        return assembled("pypi", {}, pythonName(package.name), package.version, {});
    if (package.type != Type::Npm)
        return ofSystem(package, distribution);
    const std::size_t slash = package.name.find('/');
    if (!package.name.starts_with('@') || slash == package.name.npos)
        return assembled("npm", {}, package.name, package.version, {});
    return assembled("npm", package.name.substr(0, slash), package.name.substr(slash + 1), package.version, {});
}

} // namespace rocker::packages
