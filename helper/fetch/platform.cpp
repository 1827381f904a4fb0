#include "helper/fetch/platform.h"

#include "engine/image/machine.h"

#include <algorithm>

namespace rocker::fetch {

namespace {

// A variant and what it can stand in for. Levels of amd64 above the first are taken when asked for by name only.
std::vector<std::string> variantsFor(std::string_view architecture, std::string_view variant)
{
    if (architecture == "arm64")
        return variant.empty() || variant == "v8" ? std::vector<std::string>{"v8", ""}
                                                  : std::vector<std::string>{std::string(variant)};
    if (architecture == "amd64")
        return variant.empty() || variant == "v1" ? std::vector<std::string>{"", "v1"}
                                                  : std::vector<std::string>{std::string(variant)};
    if (architecture == "arm") {
        if (variant == "v6")
            return {"v6", "v5", ""};
        return variant == "v5" ? std::vector<std::string>{"v5"} : std::vector<std::string>{"v7", "v6", "v5", ""};
    }
    return {std::string(variant)};
}

bool isWord(std::string_view text)
{
    return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::string textOf(const image::Platform& platform)
{
    std::string text
        = platform.os + "/" + platform.architecture + (platform.variant.empty() ? "" : "/" + platform.variant);
    std::ranges::replace_if(text, [](char c) { return c <= 0x20 || c >= 0x7f; }, '?');
    return text.substr(0, 40);
}

// What stands beside images in an index and is none: signatures and statements of how it was built.
bool isStatement(const image::Descriptor& descriptor)
{
    return descriptor.annotations.contains("vnd.docker.reference.type")
        || (descriptor.platform && descriptor.platform->os == "unknown");
}

} // namespace

std::string Platform::text() const
{
    const std::string variant = variants.empty() || architecture != "arm" ? "" : variants.front();
    return "linux/" + architecture + (variant.empty() ? "" : "/" + variant);
}

Result<Platform> parsePlatform(std::string_view text)
{
    if (text.empty()) {
        const image::Machine machine = image::thisMachine();
        return Platform{machine.architecture, variantsFor(machine.architecture, machine.variant), false};
    }
    std::vector<std::string> parts;
    for (std::string_view rest = text;;) {
        const std::size_t slash = rest.find('/');
        parts.emplace_back(rest.substr(0, slash));
        if (slash == std::string_view::npos)
            break;
        rest.remove_prefix(slash + 1);
    }
    if (parts.size() == 1)
        parts.insert(parts.begin(), "linux");
    if (parts.size() > 3 || !std::ranges::all_of(parts, isWord))
        return fail(ErrorCode::InvalidArgument, "'{}' is not a platform: it should read linux/arm64 or linux/arm/v7",
            text.substr(0, 80));
    if (parts[0] != "linux")
        return fail(ErrorCode::InvalidArgument, "images for '{}' cannot be run: only those for linux", parts[0]);
    return Platform{parts[1], variantsFor(parts[1], parts.size() == 3 ? parts[2] : ""), true};
}

Result<image::Descriptor> choose(const image::Index& index, const Platform& platform)
{
    for (const std::string& variant : platform.variants)
        for (const image::Descriptor& descriptor : index.manifests)
            if (!isStatement(descriptor) && descriptor.platform && descriptor.platform->os == "linux"
                && descriptor.platform->architecture == platform.architecture
                && descriptor.platform->variant == variant)
                return descriptor;
    std::string known;
    std::size_t count = 0;
    for (const image::Descriptor& descriptor : index.manifests) {
        if (isStatement(descriptor))
            continue;
        if (!descriptor.platform && index.manifests.size() == 1)
            return descriptor; // it says nothing; its configuration will
        if (descriptor.platform && ++count <= 20)
            known += (known.empty() ? "" : ", ") + textOf(*descriptor.platform);
    }
    return fail(ErrorCode::NotFound, "there is no image for {}; there is one for: {}{}", platform.text(),
        known.empty() ? "nothing" : known, count > 20 ? ", and more" : "");
}

} // namespace rocker::fetch
