#include "engine/spec/checks.h"

#include <algorithm>
#include <cctype>

namespace rocker::spec {

// "1.2.3" with what SemVer 2.0.0 lets follow ("-rc.1+build").
static bool isVersion1(std::string_view text)
{
    int parts = 0;
    while (parts < 3) {
        std::size_t digits = 0;
        while (digits < text.size() && std::isdigit(static_cast<unsigned char>(text[digits])))
            ++digits;
        const std::string_view part = text.substr(0, digits);
        if (part.empty() || (part.size() > 1 && part[0] == '0') || (parts == 0 && part != "1"))
            return false;
        text.remove_prefix(digits);
        if (++parts < 3) {
            if (!text.starts_with('.'))
                return false;
            text.remove_prefix(1);
        }
    }
    if (text.empty())
        return true;
    return (text[0] == '-' || text[0] == '+') && text.size() > 1
        && std::ranges::all_of(text.substr(1), [](unsigned char c) {
               return std::isalnum(c) || c == '-' || c == '.' || c == '+';
           });
}

static Result<> validateMounts(const std::vector<Mount>& mounts)
{
    for (std::size_t i = 0; i < mounts.size(); ++i) {
        const Mount& mount = mounts[i];
        const std::string path = std::format("mounts[{}]", i);
        if (mount.destination.empty())
            return wrong(path + ".destination", "must not be empty");
        TRY(checkText(path + ".destination", mount.destination));
        TRY(checkText(path + ".source", mount.source));
        TRY(checkText(path + ".type", mount.type));
        for (std::size_t j = 0; j < mount.options.size(); ++j)
            TRY(checkText(std::format("{}.options[{}]", path, j), mount.options[j]));
        if (mount.uidMappings.empty() != mount.gidMappings.empty())
            return wrong(path, "id-mapped mounts must have both uid and gid mappings specified");
        TRY(checkMappings(path + ".uidMappings", mount.uidMappings));
        TRY(checkMappings(path + ".gidMappings", mount.gidMappings));
    }
    return {};
}

static Result<> validateHooks(std::string_view path, const std::vector<Hook>& hooks)
{
    for (std::size_t i = 0; i < hooks.size(); ++i) {
        const std::string here = std::format("{}[{}]", path, i);
        TRY(checkAbsolute(here + ".path", hooks[i].path));
        for (std::size_t j = 0; j < hooks[i].args.size(); ++j)
            TRY(checkText(std::format("{}.args[{}]", here, j), hooks[i].args[j]));
        for (std::size_t j = 0; j < hooks[i].env.size(); ++j)
            TRY(checkText(std::format("{}.env[{}]", here, j), hooks[i].env[j]));
        if (hooks[i].timeout && *hooks[i].timeout <= 0)
            return wrong(here + ".timeout", "must be greater than 0");
    }
    return {};
}

static Result<> validateNames(const Spec& spec)
{
    const bool ownNames = spec.platform && hasNamespace(*spec.platform, "uts");
    for (const auto& [path, name] : {std::pair{"hostname", &spec.hostname}, {"domainname", &spec.domainname}}) {
        if (name->empty())
            continue;
        TRY(checkText(path, *name));
        if (name->size() > 64) // __NEW_UTS_LEN (sethostname(2))
            return wrong(path, "is longer than 64 bytes");
        if (!ownNames)
            return wrong(path, "unable to set {} without a private UTS namespace", path);
    }
    return {};
}

Result<> validate(const Spec& spec)
{
    if (!isVersion1(spec.ociVersion))
        return wrong("ociVersion", "'{}' is not a known version of the specification (1.x.y)", spec.ociVersion);
    if (spec.process)
        TRY(validate(*spec.process, "process"));
    if (!spec.root)
        return wrong("root", "must be specified");
    if (spec.root->path.empty())
        return wrong("root.path", "must not be empty");
    TRY(checkText("root.path", spec.root->path));
    TRY(validateNames(spec));
    TRY(validateMounts(spec.mounts));
    if (spec.hooks) {
        TRY(validateHooks("hooks.prestart", spec.hooks->prestart));
        TRY(validateHooks("hooks.createRuntime", spec.hooks->createRuntime));
        TRY(validateHooks("hooks.createContainer", spec.hooks->createContainer));
        TRY(validateHooks("hooks.startContainer", spec.hooks->startContainer));
        TRY(validateHooks("hooks.poststart", spec.hooks->poststart));
        TRY(validateHooks("hooks.poststop", spec.hooks->poststop));
    }
    if (spec.annotations.contains(""))
        return wrong("annotations", "has an empty key");
    if (spec.platform)
        TRY(validateLinux("linux", *spec.platform));
    return {};
}

} // namespace rocker::spec
