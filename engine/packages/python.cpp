#include "engine/packages/language.h"

#include "engine/packages/lines.h"

#include <map>

namespace rocker::packages {

namespace {

// The first field of a CSV line (RFC 4180): quotes are doubled inside quotes.
std::string firstField(std::string_view line)
{
    if (!line.starts_with('"'))
        return std::string(line.substr(0, line.find(',')));
    std::string field;
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (line[i] == '"' && (i + 1 >= line.size() || line[++i] != '"'))
            break;
        field.push_back(line[i]);
    }
    return field;
}

// A path with its ".." resolved; empty when it climbs out of the image.
std::string withoutDots(std::string_view path)
{
    std::vector<std::string_view> names;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view name = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (name.empty() || name == ".")
            continue;
        if (name != "..")
            names.push_back(name);
        else if (names.empty())
            return {};
        else
            names.pop_back();
    }
    std::string joined;
    for (const std::string_view name : names)
        joined.append(joined.empty() ? "" : "/").append(name);
    return joined;
}

// "License :: OSI Approved :: MIT License" -> "MIT License"
void addClassifier(std::string& licenses, std::string_view value)
{
    constexpr std::string_view prefix = "License :: ";
    if (!value.starts_with(prefix))
        return;
    const std::size_t last = value.rfind(" :: ");
    const std::string_view name = value.substr(last + 4);
    if (name != "OSI Approved" && licenses.size() + name.size() < textLimit)
        licenses.append(licenses.empty() ? "" : " AND ").append(name);
}

} // namespace

Result<Package> parsePythonMetadata(std::string_view text)
{
    Package package{.type = Type::Python};
    std::string expression;
    std::string words;
    std::string classifiers;
    std::map<std::string_view, std::string_view> people;
    for (std::string_view line; nextLine(text, line) && !line.empty();) {
        const std::size_t colon = line.find(':');
        if (line.front() == ' ' || line.front() == '\t' || colon == line.npos)
            continue;
        const std::string_view key = line.substr(0, colon);
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (value.empty() || value == "UNKNOWN")
            continue;
        if (equalIgnoringCase(key, "Name"))
            package.name = bounded(value);
        else if (equalIgnoringCase(key, "Version"))
            package.version = bounded(value);
        else if (equalIgnoringCase(key, "License-Expression"))
            expression = bounded(value);
        else if (equalIgnoringCase(key, "License"))
            words = bounded(value);
        else if (equalIgnoringCase(key, "Classifier"))
            addClassifier(classifiers, value);
        else if (equalIgnoringCase(key, "Summary"))
            package.summary = bounded(value);
        else if (equalIgnoringCase(key, "Home-page"))
            package.homepage = bounded(value);
        for (const std::string_view who : {"Maintainer", "Author", "Maintainer-email", "Author-email"})
            if (equalIgnoringCase(key, who))
                people.emplace(who, value);
    }
    if (package.name.empty() || package.version.empty())
        return fail(ErrorCode::Corrupt, "it has no name or no version");
    package.license = !expression.empty() ? expression : !words.empty() ? words : classifiers;
    for (const std::string_view who : {"Maintainer", "Author", "Maintainer-email", "Author-email"})
        if (package.maintainer.empty() && people.contains(who))
            package.maintainer = bounded(people[who]);
    return package;
}

std::vector<std::string> parsePythonRecord(std::string_view text, std::string_view directory)
{
    std::vector<std::string> files;
    PathBudget budget;
    for (std::string_view line; nextLine(text, line);) {
        const std::string field = firstField(line.substr(0, 2 * textLimit));
        const std::string path
            = field.starts_with('/') ? withoutDots(field) : withoutDots(std::string(directory) + "/" + field);
        if (!field.empty())
            budget.add(files, {}, path);
    }
    return files;
}

} // namespace rocker::packages
