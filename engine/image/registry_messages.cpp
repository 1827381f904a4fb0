#include "engine/image/registry_messages.h"

#include "engine/image/digest.h"
#include "engine/image/reference.h"

#include <algorithm>

namespace rocker::image {

namespace {

constexpr std::size_t nameLimit = 512;
constexpr std::size_t tagsLimit = 20'000;
constexpr std::size_t lineLimit = 1000;
constexpr std::size_t foundLimit = 1000;

bool isPrintable(std::string_view text)
{
    return text.size() <= nameLimit && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

Result<> checkHosts(const std::vector<std::string>& hosts, std::string_view key)
{
    for (const std::string& host : hosts)
        if (!isRegistryHost(host))
            return fail(
                ErrorCode::InvalidArgument, "{}: '{}' is not a registry: it should read host or host:port", key, host);
    return {};
}

// Of what is shown on a terminal or in a window: one line, in UTF-8.
bool isLine(std::string_view text)
{
    return text.size() <= lineLimit && std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

} // namespace

bool isRegistryHost(std::string_view text)
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-'
            || c == ':' || c == '_';
    };
    return !text.empty() && text.size() <= 255 && text.front() != '.' && !text.contains("..")
        && std::ranges::all_of(text, allowed);
}

Result<> checkSettings(const RegistrySettings& settings)
{
    TRY(checkHosts(settings.insecure, "insecure"));
    TRY(checkHosts(settings.shortNames, "shortNames"));
    TRY(checkHosts(settings.noProxy, "noProxy"));
    for (const auto& [registry, mirrors] : settings.mirrors) {
        TRY(checkHosts({registry}, "mirrors"));
        TRY(checkHosts(mirrors, "mirrors"));
    }
    if (!isPrintable(settings.proxy) || !(settings.proxy.empty() || settings.proxy.starts_with("http://")))
        return fail(ErrorCode::InvalidArgument, "proxy: '{}' should read http://host:port", settings.proxy);
    return {};
}

Result<> checkPullOutcome(const PullOutcome& outcome)
{
    if (!isPrintable(outcome.fullName) || !isDigest(outcome.digest)
        || (!outcome.reference.empty() && outcome.reference != TRY(normalizedReference(outcome.reference))))
        return fail(ErrorCode::Corrupt, "the registry client does not say what it has fetched");
    return {};
}

Result<> checkTagsOutcome(const TagsOutcome& outcome)
{
    if (!isPrintable(outcome.repository) || outcome.tags.size() > tagsLimit
        || !std::ranges::all_of(outcome.tags, isBareTag))
        return fail(ErrorCode::Corrupt, "the registry client tells tags that are none");
    return {};
}

Result<> checkSearchOutcome(const SearchOutcome& outcome)
{
    const auto fits = [](const FoundImage& image) {
        return isPrintable(image.name) && normalizedReference(image.name) && isLine(image.description);
    };
    if (outcome.images.size() > foundLimit || !std::ranges::all_of(outcome.images, fits))
        return fail(ErrorCode::Corrupt, "the registry client tells of images that are none");
    return {};
}

Result<> checkLoginOutcome(const LoginOutcome& outcome)
{
    if (!isRegistryHost(outcome.registry) || !isLine(outcome.place))
        return fail(ErrorCode::Corrupt, "the registry client does not say what it has done");
    return {};
}

Result<> checkPushOutcome(const PushOutcome& outcome, const std::string& manifestDigest)
{
    if (!isPrintable(outcome.name) || outcome.digest != manifestDigest || outcome.uploaded < 0 || outcome.mounted < 0
        || outcome.present < 0)
        return fail(ErrorCode::Corrupt, "the registry client does not say what it has pushed");
    return {};
}

} // namespace rocker::image
