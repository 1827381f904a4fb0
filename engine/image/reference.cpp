#include "engine/image/reference.h"

#include <algorithm>

namespace rocker::image {

namespace {

bool isLowerOrDigit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool isWord(char c)
{
    return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

// Runs of lower-case letters and digits, with one '.', one or two '_' or any number of '-' between them.
bool isPathComponent(std::string_view text)
{
    if (text.empty() || !isLowerOrDigit(text.front()) || !isLowerOrDigit(text.back()))
        return false;
    for (std::size_t i = 0; i < text.size();) {
        if (isLowerOrDigit(text[i])) {
            ++i;
            continue;
        }
        const std::size_t end = std::min(text.find_first_not_of(text[i], i), text.size());
        const std::size_t run = end - i;
        if (!(text[i] == '-' || (text[i] == '.' && run == 1) || (text[i] == '_' && run <= 2)) || !isLowerOrDigit(text[end]))
            return false;
        i = end;
    }
    return true;
}

bool isTag(std::string_view text)
{
    return !text.empty() && text.size() <= 128 && isWord(text.front())
        && std::ranges::all_of(text, [](char c) { return isWord(c) || c == '.' || c == '-'; });
}

bool isHost(std::string_view text)
{
    const auto hostCharacter = [](char c) { return isWord(c) || c == '.' || c == '-' || c == ':'; };
    // It becomes part of a path (certs.d): neither "." nor "..".
    return namesRegistry(text) && text.front() != '.' && !text.contains("..") && std::ranges::all_of(text, hostCharacter);
}

bool isName(std::string_view name)
{
    if (name.empty() || name.size() > 255)
        return false;
    const std::size_t slash = name.find('/');
    if (slash != std::string_view::npos && isHost(name.substr(0, slash)))
        name.remove_prefix(slash + 1);
    for (;;) {
        const std::size_t end = name.find('/');
        if (!isPathComponent(name.substr(0, end)))
            return false;
        if (end == std::string_view::npos)
            return true;
        name.remove_prefix(end + 1);
    }
}

} // namespace

Result<std::string> normalizedReference(std::string_view text)
{
    std::string_view name = text;
    std::string_view tag = "latest";
    const std::size_t colon = text.rfind(':');
    if (colon != std::string_view::npos && text.find('/', colon) == std::string_view::npos) {
        name = text.substr(0, colon);
        tag = text.substr(colon + 1);
    }
    for (const std::string_view usual : {"index.docker.io/", "docker.io/"})
        if (name.starts_with(usual)) {
            name.remove_prefix(usual.size());
            if (name.starts_with("library/"))
                name.remove_prefix(8);
        }
    if (!isName(name) || !isTag(tag))
        return fail(ErrorCode::InvalidArgument, "'{}' is not an image reference: it should read name:tag",
                    text.substr(0, 300));
    return std::format("{}:{}", name, tag);
}

std::string referenceFromFileName(std::string_view path, std::string_view tag)
{
    while (path.ends_with('/'))
        path.remove_suffix(1);
    path.remove_prefix(path.rfind('/') + 1);
    path = path.substr(0, path.find('.', 1));
    std::string name;
    for (const char c : path) {
        const char lower = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
        if (isLowerOrDigit(lower))
            name.push_back(lower);
        else if (!name.empty() && name.back() != '-')
            name.push_back('-');
    }
    while (name.ends_with('-'))
        name.pop_back();
    return std::format("{}:{}", name.empty() ? "image" : name.substr(0, 200), tag);
}

bool isBareTag(std::string_view text)
{
    return isTag(text);
}

bool namesRegistry(std::string_view first)
{
    return first.contains('.') || first.contains(':') || first == "localhost";
}

RepositoryPlace placeOf(std::string_view reference)
{
    const std::string name(reference.substr(0, reference.rfind(':')));
    const std::size_t slash = name.find('/');
    if (slash == std::string::npos)
        return {"docker.io", "library/" + name};
    if (namesRegistry(std::string_view(name).substr(0, slash)))
        return {name.substr(0, slash), name.substr(slash + 1)};
    return {"docker.io", name};
}

} // namespace rocker::image
