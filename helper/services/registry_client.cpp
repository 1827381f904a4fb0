#include "helper/services/registry_client.h"

#include "engine/os/file.h"

#include <cerrno>

namespace rocker {

namespace {

constexpr std::size_t settingsLimit = 64 << 10; // it becomes part of a command line
constexpr std::size_t namesLimit = 1024;

} // namespace

Result<image::RegistrySettings> readRegistrySettings(const std::string& path)
{
    auto text = os::readFile(path, settingsLimit);
    if (!text && text.error().errnum == ENOENT)
        return image::RegistrySettings{};
    const auto read = [&]() -> Result<image::RegistrySettings> {
        auto settings = TRY(json::readText<image::RegistrySettings>(TRY(std::move(text)), json::UnknownKeys::Refuse));
        TRY(image::checkSettings(settings));
        return settings;
    };
    auto settings = read();
    if (!settings) // the administrator's fault, not the caller's
        return fail(std::move(settings)
                        .error()
                        .in(std::format("the settings in '{}'", path))
                        .as(ErrorCode::FailedPrecondition));
    return settings;
}

Result<image::FetchCaller> fetchCaller(const Caller& caller, const std::string& authFile)
{
    if (!authFile.empty() && (!authFile.starts_with('/') || authFile.size() > 4096 || authFile.contains('\0')))
        return fail(ErrorCode::InvalidArgument, "authFile: '{}' is not an absolute path", authFile.substr(0, 300));
    return image::FetchCaller{caller.uid, caller.gid, {caller.groups.begin(), caller.groups.end()}, authFile};
}

Result<> checkLength(const std::string& text, std::string_view parameter)
{
    if (text.size() > namesLimit)
        return fail(ErrorCode::InvalidArgument, "{}: it is too long", parameter);
    return {};
}

} // namespace rocker
