#include "engine/packages/language.h"

#include "engine/json/json.h"

namespace rocker::packages {

namespace {

std::string textOf(const json::Value& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? bounded(found->get_ref<const std::string&>()) : std::string();
}

// "Name <mail>", or {"name": …, "email": …}.
std::string personOf(const json::Value& value)
{
    if (value.is_string())
        return bounded(value.get_ref<const std::string&>());
    if (!value.is_object())
        return {};
    const std::string mail = textOf(value, "email");
    return bounded(textOf(value, "name") + (mail.empty() ? "" : " <" + mail + ">"));
}

// "MIT", {"type": "MIT"}, or an array of either.
std::string licenseOf(const json::Value& value)
{
    if (value.is_string())
        return bounded(value.get_ref<const std::string&>());
    if (value.is_object())
        return textOf(value, "type");
    std::string joined;
    if (value.is_array())
        for (const json::Value& one : value)
            if (!one.is_array() && joined.size() < textLimit)
                if (const std::string name = licenseOf(one); !name.empty())
                    joined += (joined.empty() ? "" : " OR ") + name;
    return bounded(joined);
}

} // namespace

Result<Package> parseNpmPackage(std::string_view text)
{
    const json::Value document = TRY(json::parse(text));
    if (!document.is_object())
        return fail(ErrorCode::Corrupt, "it is no object");
    Package package{.type = Type::Npm, .name = textOf(document, "name"), .version = textOf(document, "version")};
    if (package.name.empty() || package.version.empty())
        return fail(ErrorCode::Corrupt, "it has no name or no version");
    package.summary = textOf(document, "description");
    package.homepage = textOf(document, "homepage");
    for (const char* key : {"license", "licenses"})
        if (const auto found = document.find(key); found != document.end() && package.license.empty())
            package.license = licenseOf(*found);
    if (const auto author = document.find("author"); author != document.end())
        package.maintainer = personOf(*author);
    const auto maintainers = document.find("maintainers");
    if (package.maintainer.empty() && maintainers != document.end() && maintainers->is_array() && !maintainers->empty())
        package.maintainer = personOf(maintainers->front());
    return package;
}

} // namespace rocker::packages
