#include "engine/packages/distribution.h"

#include "engine/packages/lines.h"
#include "engine/packages/package.h"

namespace rocker::packages {

namespace {

// A value as a shell would read it: quotes off, backslashes inside double quotes resolved.
std::string unquoted(std::string_view value)
{
    value = trimmed(value);
    if (value.size() < 2 || (value.front() != '"' && value.front() != '\'') || value.back() != value.front())
        return bounded(value);
    const bool escapes = value.front() == '"';
    value = value.substr(1, value.size() - 2);
    std::string plain;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (escapes && value[i] == '\\' && i + 1 < value.size())
            ++i;
        plain.push_back(value[i]);
    }
    return bounded(plain);
}

} // namespace

Distribution parseOsRelease(std::string_view text)
{
    Distribution distribution;
    for (std::string_view line; nextLine(text, line);) {
        const std::size_t equal = line.find('=');
        if (equal == line.npos || line.starts_with('#'))
            continue;
        const std::string_view key = line.substr(0, equal);
        const std::string_view value = line.substr(equal + 1);
        if (key == "ID")
            distribution.id = unquoted(value);
        else if (key == "VERSION_ID")
            distribution.versionId = unquoted(value);
        else if (key == "PRETTY_NAME")
            distribution.name = unquoted(value);
        else if (key == "ID_LIKE")
            distribution.like = unquoted(value);
    }
    return distribution;
}

} // namespace rocker::packages
